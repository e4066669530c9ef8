package dev.eightbells.job;

/** What the services say about their jobs, and where these log, in the ways that several have in common. */
final class JobRuns {
    private JobRuns() {}

    /** What a service says about a run; the details may be null or empty. */
    static String said(String id, String state, String details) {
        String words =
                details == null ? "" : details.strip().replaceAll("\\s+", " ").replaceFirst("\\.+$", "");
        return "job run " + id + " " + state + (words.isEmpty() ? "" : ": " + words);
    }

    /** Whether a place for logs lies on S3; otherwise it is a log group of CloudWatch. */
    static boolean isOnS3(String logs) {
        return logs.startsWith("s3://");
    }
}
