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
        assertEnds(
                run(s3.environment()),
                2,
                "Cannot list s3://no-such-bucket/raw/: there is no bucket no-such-bucket. Create it, or name another location.");
        assertThat(site.lake("")).doesNotExist();
    }

    @Test
    void theBucketOfTheLakeIsNotThere(LocalS3 s3, LocalPostgres postgres) throws IOException {
        site.define(Site.SHOP.replace("lake: lake/", "lake: s3://no-such-bucket/lake/" + catalog(postgres.jdbcUrl())));
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        assertEnds(
                run(s3.environment()),
                2,
                "Cannot read s3://no-such-bucket/lake/eightbells.json: there is no bucket no-such-bucket. Create it, or name"
                        + " another location.");
    }

    @Test
    void theBucketDoesNotLetUsIn(LocalS3 s3) throws IOException {
        s3.createBucket("closed");
        site.define(Site.SHOP.replace("raw/", "s3://closed/raw/"));
        Map<String, String> environment = new HashMap<>(s3.environment());
        environment.put("AWS_SECRET_ACCESS_KEY", "wrong");
        assertEnds(
                run(environment),
                2,
                "Cannot list s3://closed/raw/: S3 does not accept the credentials (SignatureDoesNotMatch). Check"
                        + " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the profile or the role.");
    }

    @Test
    void theCatalogDoesNotAnswer(LocalS3 s3) throws IOException {
        s3.createBucket("lake-without-catalog");
        site.define(Site.SHOP.replace(
                "lake: lake/", "lake: s3://lake-without-catalog/" + catalog("jdbc:postgresql://localhost:1/postgres")));
        site.deliver("2026-03-02T01", "a", Site.event("1", "2026-03-02T01:00:00Z", 10));
        String sentence =
                "Cannot open the jdbc catalog at jdbc:postgresql://localhost:1/postgres: Connection to localhost:1"
                        + " refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP"
                        + " connections. Look whether the database runs and EIGHTBELLS_CATALOG_PASSWORD holds its password, and"
                        + " run it again.";
        assertEnds(run(s3.environment()), 5, sentence);
        assertEnds(run(s3.environment()), 5, sentence);
    }

    @Test
    void theSourceIsAFile() throws IOException {
        site.define(Site.SHOP.replace("raw/", "raw/file"));
        Files.writeString(site.raw("file"), "not a folder");
        assertEnds(
                run(Map.of()),
                2,
                "Cannot list " + folder + "/raw/file: it is not a folder. Name the folder that holds it.");
    }
}
