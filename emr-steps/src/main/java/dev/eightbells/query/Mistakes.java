package dev.eightbells.query;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParseException;

/** What Spark finds wrong with a query, in one sentence. */
final class Mistakes {
    private static final Pattern CODE = Pattern.compile("^\\[[A-Z0-9_.]+\\] ");
    private static final Pattern PLACE = Pattern.compile("\\.?\\s*(?:;? ?line|\\(line) (\\d+),? pos (\\d+)\\)?;?\\s*$");

    private Mistakes() {}

    static Failure of(AnalysisException mistake) {
        return mistake instanceof ParseException unread ? ofText(unread) : ofMeaning(mistake);
    }

    private static Failure ofText(ParseException mistake) {
        return Failure.of(
                Failure.Kind.INPUT,
                "Cannot read the query: " + sentence(mistake.getMessage()) + ". Spark SQL is what is spoken here.",
                mistake);
    }

    private static Failure ofMeaning(AnalysisException mistake) {
        String code = String.valueOf(mistake.getErrorClass());
        Map<String, String> details = mistake.getMessageParameters();
        if (code.startsWith("UNRESOLVED_COLUMN")) {
            String name = plain(details.getOrDefault("objectName", "?"));
            List<String> near = Arrays.stream(
                            details.getOrDefault("proposal", "").split(", "))
                    .filter(column -> !column.isEmpty())
                    .map(Mistakes::plain)
                    .toList();
            String remedy = Nearest.to(name, near)
                    .map(column -> "Did you mean " + column + "?")
                    .orElse(
                            near.isEmpty()
                                    ? "Look at the tables in FROM."
                                    : "There is " + String.join(", ", near) + ".");
            return Failure.of(
                    Failure.Kind.INPUT, "Cannot answer the query: it has no column " + name + ". " + remedy, mistake);
        }
        if (code.equals("UNRESOLVED_ROUTINE")) {
            return Failure.of(
                    Failure.Kind.INPUT,
                    "Cannot answer the query: there is no function "
                            + plain(details.getOrDefault("routineName", "?"))
                            + ". Look at Spark's list of functions.",
                    mistake);
        }
        return Failure.of(
                Failure.Kind.INPUT,
                "Cannot answer the query: " + sentence(mistake.getSimpleMessage()) + ". Mend it, and ask again.",
                mistake);
    }

    private static String plain(String quoted) {
        return quoted.replace("`", "");
    }

    /** The first line of a message, without Spark's code before it, with the place in our words. */
    private static String sentence(String message) {
        String line =
                message.lines().filter(text -> !text.isBlank()).findFirst().orElse("it fails");
        String said = PLACE.matcher(CODE.matcher(line).replaceFirst(""))
                .replaceFirst(place ->
                        " (line " + place.group(1) + ", letter " + (Integer.parseInt(place.group(2)) + 1) + ")");
        String bare = said.replaceFirst("\\.$", "");
        return bare.isEmpty() ? "it fails" : Character.toLowerCase(bare.charAt(0)) + bare.substring(1);
    }
}
