package dev.eightbells.localaws;

import java.util.Objects;

/** Why a COPY fails, and where, as it is told to the client and kept in the views of load errors. */
final class LoadFailure extends RuntimeException {
    private static final String SCAN = "Spectrum Scan Error";
    private static final int SCHEMA = 15007;
    private static final int READ = 15001;
    private static final int ACCESS = 8001;

    private final transient RedshiftError error;
    private final transient S3Place file;
    private final transient TargetColumn column;

    private LoadFailure(RedshiftError error, S3Place file, TargetColumn column) {
        super(error.message());
        this.error = error;
        this.file = file;
        this.column = column;
    }

    RedshiftError error() {
        return error;
    }

    /** The file that it is about; null when there is none. */
    S3Place file() {
        return file;
    }

    /** The column that it is about; null when it is about none of them. */
    TargetColumn column() {
        return column;
    }

    /** What the views of load errors say: the sentence that tells most. */
    String reason() {
        return reason(error);
    }

    static String reason(RedshiftError error) {
        RedshiftError.Block block = error.block();
        return block != null && (error.message().equals(SCAN) || error.message().equals("Assert"))
                ? block.context()
                : error.message();
    }

    /** The file does not fit the column. */
    static LoadFailure schema(String context, S3Place file, TargetColumn column) {
        return new LoadFailure(scan(SCHEMA, context), Objects.requireNonNull(file, "file"), column);
    }

    /** The file cannot be read. */
    static LoadFailure unreadable(String context, S3Place file) {
        return new LoadFailure(scan(READ, context), Objects.requireNonNull(file, "file"), null);
    }

    private static RedshiftError scan(int code, String context) {
        RedshiftError.Block block = new RedshiftError.Block(SCAN, code, context, "dory_util.cpp:1509", "worker_thread");
        return new RedshiftError("ERROR", RedshiftError.INTERNAL, SCAN, null, block);
    }

    /** What is said does not need a sentence more. */
    static LoadFailure coded(int code, String message, String context, String location, S3Place file) {
        return new LoadFailure(RedshiftError.coded(code, message, context, location), file, null);
    }

    /** S3 says no. */
    static LoadFailure s3(String message, int status, String code, String context, S3Place file) {
        String text = "S3ServiceException:" + message + ",Status " + status + ",Error " + code
                + ",Rid LOCAL0000000000,ExtRid local,CanRetry 1";
        return coded(ACCESS, text, context, "s3_utility.cpp:657", file);
    }

    static LoadFailure access(String message, String context, S3Place file) {
        return coded(ACCESS, message, context, "s3_utility.cpp:678", file);
    }

    /** A value, or a column, is nothing that can be loaded. */
    static LoadFailure value(int code, String message, String context, S3Place file, TargetColumn column) {
        return new LoadFailure(RedshiftError.coded(code, message, context, "dory_util.cpp:1509"), file, column);
    }

    /** COPY does not do this, whatever the file. */
    static LoadFailure unsupported(String message, S3Place file, TargetColumn column) {
        return new LoadFailure(RedshiftError.of(RedshiftError.NOT_KNOWN, message), file, column);
    }
}
