package dev.eightbells.quality;

import static dev.eightbells.quality.FileFaults.file;
import static dev.eightbells.quality.LocalSpark.row;
import static dev.eightbells.quality.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules about files, and which of these they open. */
class FileRulesTest {
    private static final String AT = "2026-03-10T10:00:00Z";

    private static List<String> said(List<FileFact> files, String... rules) {
        Surroundings surroundings = new Surroundings(
                MetricHistory.none(), Map.of(), files, Instant.parse(AT), Surroundings.Samples.SHOWN, null);
        return QualityCheck.audit(
                        rows("id int", row(1)),
                        QualityRules.parse("Rules = [" + String.join(", ", rules) + "]", "rules"),
                        surroundings)
                .report()
                .outcomes()
                .stream()
                .map(outcome -> outcome.verdict() + " " + outcome.sentence())
                .toList();
    }

    /** A file that notes when it is opened. */
    private static FileFact noting(FileFact file, List<String> opened) {
        return new FileFact(file.location(), file.bytes(), file.modified(), () -> {
            opened.add(file.location());
            return file.content().open();
        });
    }

    @Test
    void contentsAreOpenedOnlyWhereSizesLeaveItOpen() {
        List<String> opened = new ArrayList<>();
        List<FileFact> files = List.of(
                noting(file("a/1", "same", AT), opened),
                noting(file("a/2", "longer", AT), opened),
                noting(file("a/3", "same", AT), opened),
                noting(file("b/1", "same", AT), opened),
                noting(file("b/2", "the longest", AT), opened));
        said(files, "FileSize > 1 B", "FileFreshness >= \"2026-03-10\"");
        assertThat(opened).isEmpty();
        said(files, "FileUniqueness \"a/\" > 0.5");
        assertThat(opened).containsExactly("a/1", "a/3");
        opened.clear();
        said(files, "FileMatch \"a/\" \"b/\"");
        assertThat(opened).containsExactlyInAnyOrder("a/1", "a/3", "b/1");
        opened.clear();
        said(files, "FileMatch \"a/2\" in [\"0\"]");
        assertThat(opened).containsExactly("a/2");
    }

    @Test
    void whereThereIsNoFileTheyFail() {
        assertThat(said(List.of(file("a/1", "x", AT)), "FileSize \"b/\" > 1 B", "FileUniqueness \"a/\" = 1.0"))
                .containsExactly(
                        "FAILED The batch has no file below b/.",
                        "PASSED 0 of 1 files have the content of another one.");
        assertThat(said(List.of(), "FileSize > 1 B")).containsExactly("FAILED The batch has no file.");
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorOfTheRulesThatReadIt() {
        FileFact gone = new FileFact("a/1", 1, Instant.parse(AT), () -> {
            throw new IOException("Cannot read a/1: it is gone.");
        });
        assertThat(said(List.of(gone), "FileMatch \"a/\" in [\"0\"]", "FileSize = 1 B"))
                .containsExactly("ERROR Cannot read a/1: it is gone.", "PASSED 0 of 1 files do not fulfil it.");
    }
}
