package dev.eightbells.store;

import dev.eightbells.Failure;
import dev.eightbells.store.S3Failures.Access;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects in a bucket, below a prefix. Creates and replaces by S3's conditional writes. */
final class S3ObjectStore implements ObjectStore {
    private static final int CONFLICTS = 6;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Location location;
    private final S3Client client;

    /** The store at this location of S3; the client is closed with it. */
    S3ObjectStore(Location location, S3Client client) {
        this.location = location;
        this.client = client;
    }

    @Override
    public Location location() {
        return location;
    }

    @Override
    public void prepare() {
        try {
            client.listObjectsV2(list ->
                    list.bucket(location.bucket()).prefix(location.prefix()).maxKeys(1));
        } catch (SdkException e) {
            throw S3Failures.of(Access.LIST, location, "", e);
        }
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
        Iterator<S3Object> objects = new S3Listing(client, location, prefix, startAfter);
        int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(objects, traits), false)
                .filter(object -> !object.key().endsWith("/"))
                .map(object -> new StoredObject(
                        object.key().substring(location.prefix().length()),
                        unquoted(object.eTag()),
                        object.size(),
                        object.lastModified()));
    }

    @Override
    public Optional<StoredObject> find(String key) {
        try {
            HeadObjectResponse head = client.headObject(
                    request -> request.bucket(location.bucket()).key(name(key)));
            return Optional.of(new StoredObject(key, unquoted(head.eTag()), head.contentLength(), head.lastModified()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw S3Failures.of(Access.READ, location, key, e);
        }
    }

    @Override
    public Optional<Content> read(String key) {
        try {
            ResponseBytes<GetObjectResponse> whole = client.getObject(
                    request -> request.bucket(location.bucket()).key(name(key)), S3ObjectStore::whole);
            return Optional.of(
                    new Content(whole.asByteArray(), unquoted(whole.response().eTag())));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw S3Failures.of(Access.READ, location, key, e);
        }
    }

    @Override
    public InputStream open(String key, String etag, long offset) throws IOException {
        return new ResumingInputStream(position -> openOnce(key, etag, position), offset, PAUSE);
    }

    @Override
    public Optional<String> create(String key, byte[] content) {
        return put(key, content, request -> request.ifNoneMatch("*"));
    }

    @Override
    public Optional<String> replace(String key, String etag, byte[] content) {
        return put(key, content, request -> request.ifMatch(quoted(etag)));
    }

    @Override
    public void delete(String key) {
        try {
            String name = name(Keys.check(key));
            client.deleteObject(request -> request.bucket(location.bucket()).key(name));
        } catch (SdkException e) {
            throw S3Failures.of(Access.DELETE, location, key, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return location.toString();
    }

    private InputStream openOnce(String key, String etag, long offset) {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(location.bucket())
                .key(name(key))
                .ifMatch(quoted(etag))
                .range(offset == 0 ? null : "bytes=" + offset + "-")
                .build();
        try {
            return new S3Body(client.getObject(request), location, key);
        } catch (NoSuchKeyException e) {
            throw PlannedObject.gone(location, key);
        } catch (S3Exception e) {
            if (e.statusCode() == 412) {
                throw PlannedObject.changed(location, key);
            }
            if (e.statusCode() == 416) {
                return InputStream.nullInputStream(); // The tag holds, and nothing comes after this offset.
            }
            throw S3Failures.of(Access.READ, location, key, e);
        } catch (SdkException e) {
            throw S3Failures.of(Access.READ, location, key, e);
        }
    }

    private Optional<String> put(String key, byte[] content, Consumer<PutObjectRequest.Builder> condition) {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(location.bucket())
                .key(name(Keys.check(key)))
                .applyMutation(condition)
                .build();
        for (int attempt = 1; true; attempt++) {
            try {
                return Optional.of(unquoted(client.putObject(request, RequestBody.fromBytes(content))
                        .eTag()));
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return wasRepeated(e) ? ownWrite(key, content) : Optional.empty();
                }
                if (e.statusCode() == 404 && !S3Failures.isNoBucket(e)) {
                    return Optional.empty();
                }
                if (e.statusCode() != 409 || attempt == CONFLICTS) {
                    throw S3Failures.of(Access.WRITE, location, key, e);
                }
                pause(key, attempt);
            } catch (SdkException e) {
                throw S3Failures.of(Access.WRITE, location, key, e);
            }
        }
    }

    /** All bytes of an answer: not every HTTP client tells a broken connection from the end. */
    private static ResponseBytes<GetObjectResponse> whole(GetObjectResponse response, AbortableInputStream body)
            throws Exception {
        ResponseBytes<GetObjectResponse> whole =
                ResponseTransformer.<GetObjectResponse>toBytes().transform(response, body);
        int bytes = whole.asByteArrayUnsafe().length;
        if (response.contentLength() != null && response.contentLength() != bytes) {
            throw RetryableException.create(
                    "The answer ended after " + bytes + " of " + response.contentLength() + " bytes");
        }
        return whole;
    }

    /** What the object's content says of an answer that may be about our own first request. */
    private Optional<String> ownWrite(String key, byte[] content) {
        return read(key).filter(there -> Arrays.equals(there.bytes(), content)).map(Content::etag);
    }

    private static boolean wasRepeated(S3Exception e) {
        return e.numAttempts() == null || e.numAttempts() > 1;
    }

    private void pause(String key, int attempt) {
        try {
            Thread.sleep(PAUSE.toMillis() << (attempt - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.transientFailure(
                    "Cannot write " + location.resolve(key) + ": the thread was interrupted. Run it again.", e);
        }
    }

    private String name(String key) {
        return location.prefix() + key;
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }

    private static String unquoted(String etag) {
        return etag.replace("\"", "");
    }
}
