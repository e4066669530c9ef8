package dev.eightbells.samples;

import dev.eightbells.localaws.LocalRedshift;
import dev.eightbells.steps.Console;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints how stand-ins are reached. */
record Directions(Console console) {
    /** What opens the catalog's database, which takes anything else too. */
    static final Map<String, String> CATALOG = Map.of("EIGHTBELLS_CATALOG_PASSWORD", "postgres");

    void redshift(LocalRedshift redshift) {
        row("redshift", redshift.jdbcUrl());
        row(
                "user",
                redshift.user()
                        + ", with any password; other clients than Eightbells need ssl=false; COPY takes IAM_ROLE default");
        row("catalog", "{type: jdbc, uri: \"" + redshift.catalogUrl() + "\", user: postgres}");
    }

    void buckets(List<String> names) {
        row("buckets", String.join(", ", names));
    }

    void row(String name, String text) {
        console.println(String.format("%-10s  %s", name, text));
    }

    /** What a shell needs to reach them, in alphabetical order. */
    void exports(Map<String, String> environment) {
        console.println("");
        new TreeMap<>(environment).forEach((name, value) -> console.println("export " + name + "=" + value));
    }

    void end() {
        console.println("");
        console.println("Ctrl-C stops it.");
    }
}
