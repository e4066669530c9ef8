package dev.eightbells.localaws.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A function for tests, which does what its event says: throw, end the process, sleep, fill the heap, or echo. */
public final class EchoHandler implements RequestStreamHandler {
    private int calls;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        calls++;
        System.out.println("call " + calls + " " + event);
        if (event.contains("throw")) {
            throw new IllegalStateException("не так: " + event);
        } else if (event.contains("exit")) {
            Runtime.getRuntime().halt(3);
        } else if (event.contains("fill")) {
            event += new byte[Integer.MAX_VALUE - 8].length;
        } else if (event.contains("sleep")) {
            sleep();
        } else if (event.contains("flaky") && calls < 3) {
            throw new IllegalStateException("not yet");
        }
        String answer = String.join(
                "|",
                String.valueOf(calls),
                event,
                context.getFunctionName(),
                String.valueOf(context.getMemoryLimitInMB()),
                String.valueOf(context.getRemainingTimeInMillis() > 0),
                System.getenv("GREETING"),
                String.valueOf(Runtime.getRuntime().maxMemory() / (1024 * 1024)),
                String.valueOf(getClass().getClassLoader().getResource("beside.txt") != null),
                String.valueOf(Files.exists(Path.of("beside.txt"))));
        output.write(('"' + answer.replace('"', '\'') + '"').getBytes(StandardCharsets.UTF_8));
    }

    private static void sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
