package dev.eightbells.localaws.isolated;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * A blob store with S3's consistency. S3Proxy's own looks whether {@code If-Match} holds before it writes and not while,
 * lists files that are being written, and reads an object's tag and its bytes at two moments.
 */
public final class ConsistentBlobStore extends ForwardingBlobStore {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** The same objects, seen by one writer or many readers at a time. */
    public ConsistentBlobStore(BlobStore delegate) {
        super(delegate);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
        return writeFetched(body, fetched -> {
            requireMatch(request);
            return super.putBlob(request, fetched);
        });
    }

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request, InputStream body) {
        return writeFetched(body, fetched -> super.uploadMultipartPart(upload, request, fetched));
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        return write(() -> super.initiateMultipartUpload(request));
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        write(() -> {
            super.abortMultipartUpload(upload);
            return upload;
        });
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        return write(() -> super.copyBlob(request));
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return write(() -> super.removeBlob(request));
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        return write(() -> super.completeMultipartUpload(upload, request));
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        return read(() -> super.list(request));
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        return read(() -> super.blobMetadata(request));
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        return read(() -> super.getBlob(request));
    }

    private void requireMatch(PutObjectRequest request) {
        if (request.ifMatch() == null) {
            return;
        }
        HeadObjectResponse there = delegate().blobMetadataIfPresent(request.bucket(), request.key());
        if (there == null) {
            throw new S3ProxyException(S3ErrorCode.NO_SUCH_KEY);
        }
        if (!request.ifMatch().equals("*") && !bare(request.ifMatch()).equals(bare(there.eTag()))) {
            throw new S3ProxyException(S3ErrorCode.PRECONDITION_FAILED);
        }
    }

    /** The body is fetched before, lest a slow client stop everybody. */
    private <T> T writeFetched(InputStream body, Function<InputStream, T> access) {
        try {
            Path fetched = Files.createTempFile("s3-put-", null);
            try {
                Files.copy(body, fetched, StandardCopyOption.REPLACE_EXISTING);
                try (InputStream content = new BufferedInputStream(Files.newInputStream(fetched))) {
                    return write(() -> access.apply(content));
                }
            } finally {
                Files.delete(fetched);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T read(Supplier<T> access) {
        lock.readLock().lock();
        try {
            return access.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private <T> T write(Supplier<T> access) {
        lock.writeLock().lock();
        try {
            return access.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }
}
