package dev.eightbells.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The body of one answer. Closing it early gives the connection up instead of reading gigabytes to its end. */
final class S3Body extends InputStream {
    private static final long WORTH_DRAINING = 64 * 1024;

    private final ResponseInputStream<GetObjectResponse> body;
    private final Location location;
    private final String key;
    private long remaining;

    S3Body(ResponseInputStream<GetObjectResponse> body, Location location, String key) {
        this.body = body;
        this.location = location;
        this.key = key;
        Long length = body.response().contentLength();
        this.remaining = length == null ? Long.MAX_VALUE : length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int count = body.read(buffer, offset, length);
            if (count < 0 && remaining > 0 && body.response().contentLength() != null) {
                // Not every HTTP client tells a broken connection from the end.
                throw new EOFException("The answer ended " + remaining + " bytes early");
            }
            this.remaining = count < 0 ? 0 : remaining - count;
            return count;
        } catch (SdkException e) {
            throw S3Failures.of(S3Failures.Access.READ, location, key, e);
        }
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public void close() throws IOException {
        if (remaining > WORTH_DRAINING) {
            body.abort();
        } else {
            body.close();
        }
    }
}
