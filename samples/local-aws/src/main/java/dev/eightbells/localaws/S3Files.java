package dev.eightbells.localaws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The files that COPY finds in S3: what a manifest names, or what begins with a key. */
final class S3Files implements AutoCloseable {
    private static final int NOT_FOUND = 404;
    private static final int BAD_MANIFEST = 15003;

    private final S3Client s3;
    private final ObjectMapper json = new ObjectMapper();

    S3Files(LocalS3 s3) {
        this.s3 = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    /**
     * A file to load.
     *
     * @param size in bytes
     */
    record DataFile(S3Place place, long size) {}

    /** All objects whose keys begin so, whatever else they are. */
    List<DataFile> beginning(S3Place prefix) {
        try {
            List<DataFile> files = s3
                    .listObjectsV2Paginator(list -> list.bucket(prefix.bucket()).prefix(prefix.key()))
                    .contents()
                    .stream()
                    .map(object -> new DataFile(new S3Place(prefix.bucket(), object.key()), object.size()))
                    .toList();
            if (files.isEmpty()) {
                throw LoadFailure.access("The specified S3 prefix '" + prefix.key() + "' does not exist", "", prefix);
            }
            return files;
        } catch (S3Exception e) {
            throw refused(e, "Listing bucket=" + prefix.bucket() + " prefix=" + prefix.key(), prefix);
        }
    }

    /** The files that a manifest names, as often as it names them. */
    List<DataFile> listed(S3Place manifest) {
        List<DataFile> files = new ArrayList<>();
        for (JsonNode entry : entries(manifest)) {
            String url = entry.path("url").asText();
            if (!S3Place.isPlace(url)) {
                throw LoadFailure.access("Manifest file is not in correct json format", manifest.toString(), manifest);
            }
            S3Place place = S3Place.parse(url);
            Long size = size(place, entry.path("mandatory").asBoolean(false));
            if (size != null) {
                check(entry, place, size);
                files.add(new DataFile(place, size));
            }
        }
        if (files.isEmpty()) {
            throw LoadFailure.access("No files found in the manifest", manifest.toString(), manifest);
        }
        return files;
    }

    private JsonNode entries(S3Place manifest) {
        byte[] content;
        try {
            content = s3.getObjectAsBytes(get -> get.bucket(manifest.bucket()).key(manifest.key()))
                    .asByteArray();
        } catch (S3Exception e) {
            throw refused(e, "Problem reading manifest file " + manifest, manifest);
        }
        try {
            JsonNode entries = json.readTree(new String(content, java.nio.charset.StandardCharsets.UTF_8))
                    .path("entries");
            if (entries.isArray()) {
                return entries;
            }
        } catch (JsonProcessingException e) {
            throw LoadFailure.access(
                    "Manifest file is not in correct json format", manifest + ": " + e.getOriginalMessage(), manifest);
        }
        throw LoadFailure.access("Manifest file is not in correct json format", manifest.toString(), manifest);
    }

    /** Files of columns are read from their ends, so the manifest must say where those are. */
    private static void check(JsonNode entry, S3Place place, long size) {
        JsonNode meta = entry.path("meta");
        if (!meta.isObject()) {
            throw badManifest("File entry does not have 'meta' key.", place);
        }
        if (!meta.path("content_length").canConvertToLong()) {
            throw badManifest("File entry 'meta' does not have 'content_length' key.", place);
        }
        if (meta.path("content_length").asLong() != size) {
            throw LoadFailure.unreadable(
                    "HTTP response error code: 416 Message: InvalidRange The requested range is not satisfiable, "
                            + "File name: " + place.https(),
                    place);
        }
    }

    private static LoadFailure badManifest(String message, S3Place place) {
        return LoadFailure.coded(BAD_MANIFEST, message, place.toString(), "spectrum_manifest.cpp:142", place);
    }

    /** How many bytes an object has; null when it is not there and need not be. */
    private Long size(S3Place place, boolean mandatory) {
        try {
            return s3.headObject(head -> head.bucket(place.bucket()).key(place.key()))
                    .contentLength();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND && !mandatory && hasBucket(place)) {
                return null;
            }
            throw refused(e, "Reading " + place, place);
        }
    }

    private boolean hasBucket(S3Place place) {
        try {
            s3.headBucket(head -> head.bucket(place.bucket()));
            return true;
        } catch (S3Exception e) {
            return false;
        }
    }

    /** Copies an object into a file that is not there yet. */
    void download(S3Place place, Path to) {
        try {
            s3.getObject(get -> get.bucket(place.bucket()).key(place.key()), to);
        } catch (S3Exception e) {
            throw refused(e, "Reading " + place, place);
        }
    }

    private LoadFailure refused(S3Exception e, String context, S3Place place) {
        if (e.statusCode() == NOT_FOUND) {
            return hasBucket(place)
                    ? LoadFailure.s3("The specified key does not exist.", NOT_FOUND, "NoSuchKey", context, place)
                    : LoadFailure.s3("The specified bucket does not exist", NOT_FOUND, "NoSuchBucket", context, place);
        }
        return LoadFailure.s3(
                e.awsErrorDetails().errorMessage(),
                e.statusCode(),
                e.awsErrorDetails().errorCode(),
                context,
                place);
    }

    @Override
    public void close() {
        s3.close();
    }
}
