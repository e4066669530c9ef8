package dev.eightbells.pipeline;

import java.util.Locale;
import java.util.regex.Pattern;

/** What tells that somebody wrote a secret into a pipeline file, and where it belongs instead. */
final class Secrets {
    private static final Pattern NAME = Pattern.compile(
            ".*(password|passwd)|(.*[._-])?(pwd|credential|token)|.*(secret|access[._-]?key|private[._-]?key).*");
    private static final Pattern USER_INFORMATION = Pattern.compile("//[^/?;]*:[^/?;]*@");
    private static final Pattern PARAMETER = Pattern.compile("[?&;]([^=?&;]+)=");

    private Secrets() {}

    static boolean isNameOfSecret(String key) {
        return NAME.matcher(key.toLowerCase(Locale.ROOT)).matches();
    }

    /** Why the key is refused; never shows its value. */
    static String refusal(String key, Section section) {
        return "secrets never stand in a pipeline file; take '" + key + "' out and " + remedy(section);
    }

    /**
     * The URL, when it holds neither {@code user:password@} nor a parameter for a secret.
     *
     * @throws IllegalArgumentException that does not show the URL
     */
    static String checkUrl(String url, Section section) {
        boolean holdsSecret = USER_INFORMATION.matcher(url).find()
                || PARAMETER.matcher(url).results().anyMatch(found -> isNameOfSecret(found.group(1)));
        if (holdsSecret) {
            throw new IllegalArgumentException(
                    "a secret never stands in a pipeline file; take it out of the URL and " + remedy(section));
        }

        return url;
    }

    private static String remedy(Section section) {
        return switch (section) {
            case CATALOG -> "set EIGHTBELLS_CATALOG_PASSWORD in the environment";
            case WAREHOUSE -> "use an IAM URL (jdbc:redshift:iam://…), or name a Secrets Manager secret with 'secret'";
            default -> "let the AWS role of the process give it access";
        };
    }
}
