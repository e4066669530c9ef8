package dev.eightbells.pipeline;

import dev.eightbells.Failure;
import dev.eightbells.store.Location;
import dev.eightbells.store.ObjectStore;
import dev.eightbells.store.ObjectStores;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The file that says everything about a pipeline: read, checked, and frozen into a text that means the same everywhere.
 *
 * <p>Whatever is wrong with a file is one {@link Failure} of kind INPUT, with one line for each problem: file, line,
 * key, value and what to do.
 */
public final class PipelineFile {
    private static final String NO_UTF8 = "it is no UTF-8 text. Save it as UTF-8.";

    private PipelineFile() {}

    /**
     * Reads a pipeline file. Local locations in it, and its rules file, are relative to its folder.
     *
     * @param file the file, as a person named it
     * @param environment what its variables are replaced from
     */
    public static Pipeline load(Path file, Map<String, String> environment) {
        return load(file, environment, SqlJudge.none());
    }

    /**
     * The same, with a judge of its SQL.
     *
     * @param file the file, as a person named it
     * @param environment what its variables are replaced from
     */
    public static Pipeline load(Path file, Map<String, String> environment, SqlJudge judge) {
        return load(file, environment, judge, RulesJudge.none());
    }

    /**
     * The same, with a judge of its rules, too.
     *
     * @param file the file, as a person named it
     * @param environment what its variables are replaced from
     */
    public static Pipeline load(Path file, Map<String, String> environment, SqlJudge sql, RulesJudge rules) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return read(
                textOf(file), file.toString(), environment, new PipelineReader(new LocalPlaces(folder), sql, rules));
    }

    /**
     * Reads a pipeline file wherever it lies: an object on S3, or a local file. The rules file and the references of one on
     * S3 may be named from its own folder; its source and its lake may not.
     *
     * @param place {@code s3://bucket/….yaml}, or a path, as a person named it
     * @param environment what its variables are replaced from, and where credentials and endpoints are looked up
     */
    public static Pipeline load(String place, Map<String, String> environment, SqlJudge sql, RulesJudge rules) {
        if (!isOnS3(place)) {
            return load(local(place), environment, sql, rules);
        }

        int name = place.lastIndexOf('/') + 1;
        try (ObjectStore folder = ObjectStores.open(Location.of(place.substring(0, name)), environment)) {
            return load(folder, place.substring(name), environment, sql, rules);
        }
    }

    /**
     * Reads a pipeline file that is an object.
     *
     * @param folder where it lies
     * @param key its own, below that
     * @param environment what its variables are replaced from
     */
    public static Pipeline load(
            ObjectStore folder, String key, Map<String, String> environment, SqlJudge sql, RulesJudge rules) {
        String name = folder.location().resolve(key);
        byte[] bytes = folder.read(key)
                .orElseThrow(() -> refused(name, "there is no such object. Correct the name, or upload it.", null))
                .bytes();
        try {
            return read(Utf8.decode(bytes), name, environment, new PipelineReader(new S3Places(folder), sql, rules));
        } catch (CharacterCodingException malformed) {
            throw refused(name, NO_UTF8, malformed);
        }
    }

    /**
     * Reads the text of a pipeline file that is no file, or a {@linkplain #freeze frozen} one. It refuses relative
     * locations and names of rules files.
     *
     * @param text YAML
     * @param name what errors call it
     * @param environment what its variables are replaced from; a frozen text has none
     */
    public static Pipeline parse(String text, String name, Map<String, String> environment) {
        return read(
                text, name, environment, new PipelineReader(new LocalPlaces(null), SqlJudge.none(), RulesJudge.none()));
    }

    /**
     * The pipeline as the text of a pipeline file: variables resolved, locations absolute, rules inlined, defaults
     * written out. Equal pipelines have the same text, and {@link #parse} makes an equal pipeline of it.
     */
    public static String freeze(Pipeline pipeline) {
        return PipelineWriter.write(pipeline);
    }

    private static Pipeline read(String text, String name, Map<String, String> environment, PipelineReader reader) {
        Problems problems = new Problems(name, text.lines().toList());
        Node node = compose(text.startsWith("\uFEFF") ? text.substring(1) : text, name);
        Pipeline pipeline = reader.read(Value.root(node, new Variables(environment), problems));
        problems.refuse();
        return pipeline;
    }

    private static Node compose(String text, String name) {
        Node node;
        try {
            node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException malformed) {
            throw Failure.of(Failure.Kind.INPUT, name + ":" + sentence(malformed), malformed);
        } catch (ReaderException unprintable) {
            String sentence = String.format(
                    "%s:%d: the character U+%04X cannot stand in YAML; take it out, or write it as an escape in quotes.",
                    name,
                    text.codePoints()
                                    .takeWhile(StreamReader::isPrintable)
                                    .filter(letter -> letter == '\n')
                                    .count()
                            + 1,
                    unprintable.getCodePoint());
            throw Failure.of(Failure.Kind.INPUT, sentence, unprintable);
        } catch (YAMLException malformed) {
            throw Failure.of(
                    Failure.Kind.INPUT, name + ": this is no YAML (" + malformed.getMessage() + ").", malformed);
        }
        if (node == null) {
            throw Failure.input(name + ": the file is empty; a pipeline file begins with version: 1.");
        }

        return node;
    }

    private static String sentence(MarkedYAMLException malformed) {
        Mark mark = malformed.getProblemMark();
        String context = malformed.getContext() == null ? "" : malformed.getContext() + ", ";
        String remedy = mark.get_snippet().contains("${")
                ? "put a value with ${…} in quotes where it stands in braces"
                : "check indentation, colons and quotes there and in the line before";
        return mark.getLine() + 1 + ": this is no YAML (" + context + malformed.getProblem() + "); " + remedy + ".";
    }

    private static boolean isOnS3(String place) {
        try {
            boolean isOnS3 = Places.isOnS3(place);
            if (isOnS3 && !place.matches("s3://[^/]+/(.*[^/])")) {
                throw new IllegalArgumentException("it names no object; write s3://bucket/….yaml");
            }
            return isOnS3;
        } catch (IllegalArgumentException unknown) {
            throw refused(place, unknown.getMessage() + ".", unknown);
        }
    }

    private static Path local(String place) {
        try {
            return Path.of(place);
        } catch (InvalidPathException invalid) {
            throw refused(place, "it is no path (" + invalid.getReason() + "). Name a pipeline file.", invalid);
        }
    }

    private static String textOf(Path file) {
        try {
            return Utf8.decode(Files.readAllBytes(file));
        } catch (NoSuchFileException missing) {
            throw refused(file.toString(), "there is no such file. Name one with --pipeline.", missing);
        } catch (AccessDeniedException denied) {
            throw refused(file.toString(), "no permission. Make it readable.", denied);
        } catch (CharacterCodingException malformed) {
            throw refused(file.toString(), NO_UTF8, malformed);
        } catch (IOException unreadable) {
            String reason = Files.isDirectory(file) ? "it is a folder" : unreadable.getMessage();
            throw refused(file.toString(), reason + ". Name a pipeline file.", unreadable);
        }
    }

    private static Failure refused(String file, String reason, Exception cause) {
        return Failure.of(Failure.Kind.INPUT, "Cannot read the pipeline file " + file + ": " + reason, cause);
    }
}
