package org.apache.spark.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stands in for Spark where there is none: does what the application's first argument says. */
public final class SparkSubmit {
    private SparkSubmit() {}

    public static void main(String[] words) throws Exception {
        System.out.println(String.join(" ", words));
        List<String> arguments = List.of(words);
        int jar = arguments.indexOf("demo.Main") + 1;
        while (!arguments.get(jar).endsWith(".jar")) {
            jar++;
        }
        System.out.println("jar: " + Files.readString(Path.of(arguments.get(jar))));
        System.out.println("endpoint: " + System.getenv("AWS_ENDPOINT_URL_S3"));
        System.out.println("greeting: " + System.getenv("GREETING") + " " + System.getProperty("greeting"));
        switch (arguments.get(jar + 1)) {
            case "fail" -> {
                System.err.println("eightbells: не так");
                System.exit(3);
            }
            case "wait" -> {
                String java =
                        Path.of(System.getProperty("java.home"), "bin", "java").toString();
                new ProcessBuilder(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                SparkSubmit.class.getName(),
                                "demo.Main",
                                arguments.get(jar),
                                "sleep")
                        .start();
                Thread.sleep(600_000);
            }
            case "sleep" -> Thread.sleep(600_000);
            default -> {}
        }
    }
}
