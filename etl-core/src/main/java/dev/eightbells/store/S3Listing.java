package dev.eightbells.store;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What S3 lists, one page at a time, the first one when it is first asked. */
final class S3Listing implements Iterator<S3Object> {
    private final S3Client client;
    private final Location location;
    private ListObjectsV2Request nextPage;
    private Iterator<S3Object> page = Collections.emptyIterator();

    S3Listing(S3Client client, Location location, String prefix, String startAfter) {
        this.client = client;
        this.location = location;
        this.nextPage = ListObjectsV2Request.builder()
                .bucket(location.bucket())
                .prefix(location.prefix() + prefix)
                .startAfter(startAfter.isEmpty() ? null : location.prefix() + startAfter)
                .build();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && nextPage != null) {
            fetch();
        }
        return page.hasNext();
    }

    @Override
    public S3Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }

    private void fetch() {
        try {
            ListObjectsV2Response response = client.listObjectsV2(nextPage);
            this.page = response.contents().iterator();
            this.nextPage = Boolean.TRUE.equals(response.isTruncated())
                    ? nextPage.toBuilder()
                            .continuationToken(response.nextContinuationToken())
                            .build()
                    : null;
        } catch (SdkException e) {
            throw S3Failures.of(S3Failures.Access.LIST, location, "", e);
        }
    }
}
