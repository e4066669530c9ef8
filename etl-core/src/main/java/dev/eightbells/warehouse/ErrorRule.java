package dev.eightbells.warehouse;

import dev.eightbells.warehouse.WarehouseError.Kind;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One thing that a warehouse may refuse to do, and what to do about it.
 *
 * @param advice a sentence
 */
record ErrorRule(Predicate<Facts> when, Kind kind, String advice) {
    /**
     * What an exception and those behind it say.
     *
     * @param sqlState null when there is none
     * @param code Redshift's own; null when there is none
     * @param text all their messages
     * @param links they themselves
     */
    record Facts(String sqlState, Integer code, String text, List<Throwable> links) {}

    private static final String AGAIN = "Run it again.";
    private static final String LATER = "Run it again later.";
    private static final String LOOKS_FIRST = "Run it again; it looks first at what was loaded.";
    private static final String CORRECT_TARGET =
            "Make the warehouse's table what the pipeline file says, or give the" + " pipeline another one.";

    /**
     * The first that fits decides. SQLSTATEs come before words, because a message may quote data; Redshift's compute nodes
     * have one SQLSTATE for everything, XX000, so that codes and words must tell.
     */
    private static final List<ErrorRule> RULES = List.of(
            // The connection.
            rule(
                    causedBy(CertificateException.class)
                            .or(causedBy(CertPathBuilderException.class))
                            .or(says("could not be verified by hostnameverifier|server does not support SSL")),
                    Kind.PERMISSION,
                    "Connect by a name that its certificate holds, and let this JVM trust who signed it, or name that"
                            + " certificate with sslrootcert in the URL."),
            rule(
                    state("08001", "08004"),
                    Kind.TRANSIENT,
                    "Check that the warehouse runs, that host and port are right and reached from here, and run it"
                            + " again."),
            rule(state("57P01", "57P02").or(stateClass("08")), Kind.LOST, LOOKS_FIRST),
            rule(
                    state("57P03").or(says("(cluster|warehouse|database) is (currently )?paused")),
                    Kind.TRANSIENT,
                    "Resume the warehouse, or wait until it has started, and run it again."),
            rule(
                    stateClass("28"),
                    Kind.PERMISSION,
                    "Check the user and the password in the secret, or what the role of this process may."),
            rule(state("3D000"), Kind.PERMISSION, "Create the database, or correct the URL."),

            // Others at work.
            rule(state("40001", "40P01", "55P03").or(code(1018, 1023)), Kind.CONFLICT, AGAIN),
            // Two that make the same table at the same moment meet in the catalog, IF NOT EXISTS or not.
            rule(says("violates unique constraint \"pg_|tuple concurrently (updated|deleted)"), Kind.CONFLICT, AGAIN),

            // Limits.
            rule(
                    state("53100").or(code(1016)),
                    Kind.TRANSIENT,
                    "Free space in the warehouse or resize it, and run it again."),
            rule(state("53300"), Kind.TRANSIENT, "Close other connections or raise their limit, and run it again."),
            rule(stateClass("53"), Kind.TRANSIENT, LATER),
            rule(
                    state("25006"),
                    Kind.TRANSIENT,
                    "Wait until its resize or maintenance is over, or connect to one that can be written, and run it"
                            + " again."),
            rule(
                    state("57014").or(code(1007)),
                    Kind.TRANSIENT,
                    "Give it more time (statement_timeout, or the rules of its queue), and run it again."),

            // Whose SQLSTATE tells.
            rule(state("42501"), Kind.PERMISSION, "Grant it to the user that the pipeline connects as."),
            rule(state("22001"), Kind.DATA, "Widen the column in the warehouse, and run it again."),
            rule(
                    stateClass("22").or(stateClass("23")),
                    Kind.DATA,
                    "Correct the column in the warehouse, or the data, and run it again."),
            rule(
                    state(
                            "42P01", "42703", "42701", "42P07", "42809", "42704", "42710", "42804", "42P06", "42P16",
                            "3F000"),
                    Kind.DEFINITION,
                    CORRECT_TARGET),
            rule(
                    state("2BP01"),
                    Kind.PERMISSION,
                    "Drop the views over the table, or make them WITH NO SCHEMA BINDING, and run it again."),
            rule(
                    state("0A000"),
                    Kind.PERMISSION,
                    "Redshift does not do that to this table as it was made (a key, a default, an encoding or a view may be"
                            + " in the way): change it by hand, or drop it, and it is made anew."),
            rule(stateClass("42"), Kind.BUG, WarehouseError.REPORT),

            // What COPY says of the role, and S3 of COPY.
            rule(
                    says("not authorized to (assume|get credentials of) (IAM )?role|role .*not associated (to|with)"),
                    Kind.PERMISSION,
                    "Attach the role to the warehouse's cluster or namespace, let redshift.amazonaws.com assume it, and"
                            + " name it with 'copyRole'."),
            rule(
                    says("\\bkms:|KMS\\.|\\bKMS key"),
                    Kind.PERMISSION,
                    "Grant kms:Decrypt on the key of the lake's bucket to the role that COPY uses."),
            rule(says("NoSuchBucket"), Kind.PERMISSION, "Check that the lake's bucket exists and is named right."),
            rule(
                    says("PermanentRedirect|Status 301|error code: 301"),
                    Kind.PERMISSION,
                    "Keep the lake in a bucket of the warehouse's region."),
            rule(
                    says("NoSuchKey|(Status|error code:) (404|416)|InvalidRange"),
                    Kind.DATA,
                    "Files of the lake were removed or replaced behind the table's back; restore them, and run it"
                            + " again."),
            rule(says("SlowDown|(Status|error code:) 5[0-9][0-9]|RequestTimeout"), Kind.TRANSIENT, LATER),
            rule(
                    says("S3.*(Access ?Denied|Status 403)|error code: 403"),
                    Kind.PERMISSION,
                    "Grant s3:GetObject and s3:ListBucket on the lake to the role that COPY uses, and let no policy of"
                            + " the bucket refuse presigned URLs."),

            // What AWS says when it is asked for a password.
            rule(
                    says("Unable to load (credentials|region)|not authorized to perform|AccessDenied|ExpiredToken"
                            + "|security token included in the request is"),
                    Kind.PERMISSION,
                    "Check the AWS credentials, and grant redshift:GetClusterCredentialsWithIAM"
                            + " (redshift:GetClusterCredentials with DbUser), or redshift-serverless:GetCredentials."),
            rule(
                    says("(cluster|workgroup).* (not found|does not exist)"),
                    Kind.PERMISSION,
                    "Correct the URL, or set AWS_REGION to the warehouse's."),
            rule(says("Rate exceeded|Unable to execute HTTP request|Status Code: 5"), Kind.TRANSIENT, LATER),

            // The rest by its words and codes.
            rule(
                    says(
                            "conflict with concurrent transaction|by concurrent transaction|serializable isolation violation"
                                    + "|could not open relation with OID|deadlock detected"),
                    Kind.CONFLICT,
                    AGAIN),
            rule(says("disk full"), Kind.TRANSIENT, "Free space in the warehouse or resize it, and run it again."),
            rule(
                    says(
                            "is (being )?resiz|read-only|read only|in maintenance|not (yet )?available|too many connections"
                                    + "|connection limit|out of memory|usage limit"),
                    Kind.TRANSIENT,
                    LATER),
            rule(
                    says("cancell?ed|WLM|statement timeout|abort(ed)? (action|by system)|system requested abort"),
                    Kind.TRANSIENT,
                    "Give it more time (statement_timeout, or the rules of its queue), and run it again."),
            rule(says("value too long"), Kind.DATA, "Widen the column in the warehouse, and run it again."),
            rule(says("incompatible Parquet schema|unmatched number of columns"), Kind.DATA, CORRECT_TARGET),
            rule(
                    codes(15000, 15999).or(codes(1200, 1299)).or(code(1058, 8007)),
                    Kind.DATA,
                    "Correct the column in the warehouse, or the data, and run it again."),
            rule(says("permission denied"), Kind.PERMISSION, "Grant it to the user that the pipeline connects as."),
            rule(causedBy(IOException.class), Kind.LOST, LOOKS_FIRST),
            rule(any -> true, Kind.BUG, WarehouseError.REPORT));

    static ErrorRule of(Facts facts) {
        return RULES.stream().filter(rule -> rule.when.test(facts)).findFirst().orElseThrow();
    }

    private static ErrorRule rule(Predicate<Facts> when, Kind kind, String advice) {
        return new ErrorRule(when, kind, advice);
    }

    private static Predicate<Facts> state(String... states) {
        Set<String> known = Set.of(states);
        return facts -> facts.sqlState != null && known.contains(facts.sqlState);
    }

    /** The first two characters of a SQLSTATE. */
    private static Predicate<Facts> stateClass(String start) {
        return facts -> facts.sqlState != null && facts.sqlState.startsWith(start);
    }

    private static Predicate<Facts> code(Integer... codes) {
        Set<Integer> known = Set.of(codes);
        return facts -> facts.code != null && known.contains(facts.code);
    }

    private static Predicate<Facts> codes(int from, int to) {
        return facts -> facts.code != null && facts.code >= from && facts.code <= to;
    }

    private static Predicate<Facts> says(String regex) {
        Pattern words = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        return facts -> words.matcher(facts.text).find();
    }

    private static Predicate<Facts> causedBy(Class<? extends Exception> type) {
        return facts -> facts.links.stream().anyMatch(type::isInstance);
    }
}
