package dev.eightbells.steps;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.pipeline.RulesJudge;
import dev.eightbells.pipeline.SqlJudge;
import dev.eightbells.quality.QualityRules;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Tell whether rules can be evaluated: those of a file, or a pipeline's. Looks at no data.")
final class RulesCheckCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A rules file; by default the rules of the pipeline.")
    private Path file;

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "A pipeline file, whose columns and references the rules must fit.")
    private String pipelineFile;

    /**
     * @param environment the variables that pipeline files are resolved with
     */
    RulesCheckCommand(Map<String, String> environment, Console console) {
        this.environment = environment;
        this.console = console;
    }

    @Override
    public Integer call() {
        if (file == null && pipelineFile == null) {
            throw Failure.input(
                    "Cannot check rules: none are named. Name a rules file, or a pipeline file with --pipeline.");
        }
        Pipeline pipeline = pipelineFile == null
                ? null
                : PipelineFile.load(pipelineFile, environment, SqlJudge.none(), RulesJudge.none());
        String name = file == null ? pipelineFile + ", quality.rules" : file.toString();
        String text = file == null ? rulesOf(pipeline) : textOf(file);
        QualityRules rules;
        try {
            rules = QualityRules.parse(text, name);
        } catch (Failure problems) {
            console.println(problems.getMessage());
            return problems.kind().exitCode();
        }
        List<String> problems = pipeline == null ? List.of() : problems(rules, pipeline);
        if (!problems.isEmpty()) {
            problems.forEach(console::println);
            return Failure.Kind.INPUT.exitCode();
        }
        console.println(name + ": " + count(rules.size(), "rule") + ", " + count(rules.analyzers(), "analyzer")
                + ": all can be evaluated.");
        return 0;
    }

    private static List<String> problems(QualityRules rules, Pipeline pipeline) {
        Set<String> references = pipeline.quality() == null
                ? Set.of()
                : pipeline.quality().references().keySet();
        return RulesText.problems(rules, pipeline.table(), references);
    }

    private String rulesOf(Pipeline pipeline) {
        if (pipeline.quality() == null) {
            throw Failure.input("Cannot check the rules of " + pipelineFile
                    + ": it has none. Name them under quality.rules, or name a rules file.");
        }
        return pipeline.quality().rules();
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String textOf(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            if (text.isBlank()) {
                throw refused(file, "it is empty. Write e.g. Rules = [ RowCount > 0 ].", null);
            }
            return text;
        } catch (NoSuchFileException missing) {
            throw refused(file, "there is no such file. Correct the name.", missing);
        } catch (AccessDeniedException denied) {
            throw refused(file, "no permission. Make it readable.", denied);
        } catch (CharacterCodingException malformed) {
            throw refused(file, "it is no UTF-8 text. Save it as UTF-8.", malformed);
        } catch (IOException unreadable) {
            String reason = Files.isDirectory(file) ? "it is a folder" : unreadable.getMessage();
            throw refused(file, reason + ". Name a rules file.", unreadable);
        }
    }

    private static Failure refused(Path file, String reason, IOException cause) {
        return Failure.of(Failure.Kind.INPUT, "Cannot read the rules file " + file + ": " + reason, cause);
    }
}
