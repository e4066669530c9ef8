package dev.eightbells.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class LocalS3Test {

    @Test
    void keepsWhatIsPut() throws Exception {
        try (LocalS3 s3 = LocalS3.start();
                S3Client client = client(s3, s3.secretKey())) {
            s3.createBucket("raw");
            client.putObject(put -> put.bucket("raw").key("a=1/b c.json"), RequestBody.fromString("{}"));

            assertThat(client.getObjectAsBytes(get -> get.bucket("raw").key("a=1/b c.json"))
                            .asUtf8String())
                    .isEqualTo("{}");
        }
    }

    @Test
    void createsABucketThatIsThereAlready() throws Exception {
        try (LocalS3 s3 = LocalS3.start();
                S3Client client = client(s3, s3.secretKey())) {
            s3.createBucket("raw");
            s3.createBucket("raw");

            assertThat(client.listBuckets().buckets()).hasSize(1);
        }
    }

    @Test
    void refusesAWrongSignature() throws Exception {
        try (LocalS3 s3 = LocalS3.start();
                S3Client client = client(s3, "guessed")) {
            s3.createBucket("raw");

            assertThatThrownBy(() -> client.listObjectsV2(list -> list.bucket("raw")))
                    .hasMessageContaining("signature");
        }
    }

    @Test
    void findsTheObjectsOfItsFolderAgain(@TempDir Path folder) throws Exception {
        try (LocalS3 s3 = LocalS3.start(folder);
                S3Client client = client(s3, s3.secretKey())) {
            s3.createBucket("raw");
            client.putObject(put -> put.bucket("raw").key("kept"), RequestBody.fromString("still here"));
        }

        try (LocalS3 s3 = LocalS3.start(folder);
                S3Client client = client(s3, s3.secretKey())) {
            assertThat(client.getObjectAsBytes(get -> get.bucket("raw").key("kept"))
                            .asUtf8String())
                    .isEqualTo("still here");
        }
    }

    private static S3Client client(LocalS3 s3, String secretKey) {
        return S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), secretKey)))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }
}
