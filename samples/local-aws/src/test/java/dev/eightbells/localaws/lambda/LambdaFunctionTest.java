package dev.eightbells.localaws.lambda;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LambdaFunctionTest {
    @TempDir
    Path folder;

    private LambdaFunction function(int memory, Duration timeout) {
        return new LambdaFunction("echo", folder.resolve("function.zip"), "A::b", Map.of(), memory, timeout);
    }

    @Test
    void refusesMemoryAndTimeoutsThatLambdaDoesNotHave() {
        assertThatThrownBy(() -> function(64, Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid memory of a function: 64 MB (from 128 to 10240).");
        assertThatThrownBy(() -> function(128, Duration.ofMinutes(16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid timeout of a function: PT16M (from PT1S to PT15M).");
    }

    @Test
    void refusesPackagesThatItCannotUnpack() throws IOException {
        assertThatThrownBy(() -> LocalLambda.start(function(128, Duration.ofMinutes(1)), 0, folder.resolve("lambda")))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot run the function: there is no " + folder.resolve("function.zip") + ".");

        FunctionZip.of(folder, Map.of("../out", new byte[1]));
        assertThatThrownBy(() -> LocalLambda.start(function(128, Duration.ofMinutes(1)), 0, folder.resolve("lambda")))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot run the function: " + folder.resolve("function.zip")
                        + " has the entry ../out, which leads out of it.");

        FunctionZip.of(folder, Map.of("large", new byte[250 * 1024 * 1024 + 1]));
        assertThatThrownBy(() -> LocalLambda.start(function(128, Duration.ofMinutes(1)), 0, folder.resolve("lambda")))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot run the function: " + folder.resolve("function.zip")
                        + " holds 262144001 bytes unpacked, and Lambda takes at most 262144000.");
    }
}
