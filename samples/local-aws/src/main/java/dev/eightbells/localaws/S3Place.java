package dev.eightbells.localaws;

/**
 * A place in S3.
 *
 * @param key of an object, or what the keys of several begin with
 */
record S3Place(String bucket, String key) {
    private static final String SCHEME = "s3://";

    /** Reads an address that begins with {@code s3://}. */
    static S3Place parse(String url) {
        String path = url.substring(SCHEME.length());
        int slash = path.indexOf('/');
        return slash < 0 ? new S3Place(path, "") : new S3Place(path.substring(0, slash), path.substring(slash + 1));
    }

    static boolean isPlace(String url) {
        return url.startsWith(SCHEME);
    }

    /** As Redshift's scan names files. */
    String https() {
        return "https://s3.us-east-1.amazonaws.com/" + bucket + "/" + key;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}
