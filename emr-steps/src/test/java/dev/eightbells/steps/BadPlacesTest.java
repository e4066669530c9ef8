package dev.eightbells.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.localaws.LocalPostgres;
import dev.eightbells.localaws.LocalS3;
import dev.eightbells.steps.Site.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Buckets, catalogs and folders that are not there or do not let us in. */
@ExtendWith(LocalServices.class)
class BadPlacesTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void openTheShop(Session session) throws IOException {
        this.site = new Site(folder, session);
    }

    private Result run(Map<String, String> environment) {
        return site.run(environment, "run", "--pipeline", site.file().toString());
    }

    private void assertEnds(Result result, int exitCode, String sentence) {
        assertThat(result).isEqualTo(new Result(exitCode, "", "eightbells: " + sentence + "\n"));
    }

    private static String catalog(String url) {
        return "\ncatalog: {type: jdbc, uri: \"" + url + "\", user: postgres}";
    }

    @Test
    void theBucketOfTheSourceIsNotThere(LocalS3 s3) throws IOException {
        site.define(Site.SHOP.replace("raw/", "s3://no-such-bucket/raw/"));
        assertEnds(run(s3.environment()), 2, "?");
        assertThat(site.lake("")).doesNotExist();
    }

    @Test
    void theBucketOfTheLakeIsNotThere(LocalS3 s3, LocalPostgres postgres) throws IOException {
        site.define(Site.SHOP.replace("lake: lake/", "lake: s3://no-such-bucket/lake/" + catalog(postgres.jdbcUrl())));
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        assertEnds(run(s3.environment()), 2, "?");
    }

    @Test
    void theBucketDoesNotLetUsIn(LocalS3 s3) throws IOException {
        s3.createBucket("closed");
        site.define(Site.SHOP.replace("raw/", "s3://closed/raw/"));
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("AWS_SECRET_ACCESS_KEY", "wrong");
        assertEnds(run(environment), 2, "?");
    }

    @Test
    void theCatalogDoesNotAnswer(LocalS3 s3) throws IOException {
        s3.createBucket("lake-without-catalog");
        site.define(Site.SHOP.replace(
                "lake: lake/", "lake: s3://lake-without-catalog/" + catalog("jdbc:postgresql://localhost:1/postgres")));
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        assertEnds(run(s3.environment()), 5, "?");
        assertEnds(run(s3.environment()), 5, "?");
    }

    @Test
    void theLakeIsAFile() throws IOException {
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        Files.writeString(site.lake(""), "not a folder");
        assertEnds(run(Map.of()), 2, "?");
    }

    @Test
    void theSourceIsAFile() throws IOException {
        site.define(Site.SHOP.replace("raw/", "raw/file"));
        Files.writeString(site.raw("file"), "not a folder");
        assertEnds(run(Map.of()), 2, "?");
    }
}
