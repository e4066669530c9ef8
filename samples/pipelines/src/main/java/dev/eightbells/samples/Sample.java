package dev.eightbells.samples;

import dev.eightbells.Failure;
import dev.eightbells.pipeline.Layout;
import dev.eightbells.samples.Deliveries.Traffic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The sample pipelines. Each has a pipeline file, with the variables {@code RAW} and {@code LAKE}, and a generator. */
public enum Sample {
    /** Visits to a shop on the web, with all that goes wrong on the way to a lake. One event is about 1.1 kB. */
    WEB_EVENTS {
        @Override
        public long usualEvents(int hours) {
            return 1_200L * hours;
        }

        @Override
        Traffic emit(Request request, Dice dice, Deliveries deliveries) throws IOException {
            return WebEvents.emit(request, dice, deliveries);
        }
    },

    /** Three sensors of a wind turbine; their records are glued together without a newline. */
    WIND_FARM {
        @Override
        public long usualEvents(int hours) {
            return 3L * 6 * 60 * hours;
        }

        @Override
        String separator() {
            return "";
        }

        @Override
        Traffic emit(Request request, Dice dice, Deliveries deliveries) throws IOException {
            WindFarm.emit(request, dice, deliveries);
            return Traffic.NONE;
        }
    },

    /** One row for each country and day, in a folder without a layout; a clean source, but every value is a string. */
    VACCINATIONS {
        @Override
        public long usualEvents(int hours) {
            return 180L * Countries.ALL.size();
        }

        @Override
        Layout layout() {
            return Layout.FLAT;
        }

        @Override
        Traffic emit(Request request, Dice dice, Deliveries deliveries) throws IOException {
            Vaccinations.emit(request, dice, deliveries);
            return Traffic.NONE;
        }
    };

    /**
     * The sample with this name, as in {@code web-events}.
     *
     * @throws Failure of kind INPUT when there is none
     */
    public static Sample named(String name) {
        return Arrays.stream(values())
                .filter(sample -> sample.id().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.input("Cannot find a sample named " + name + ": there are "
                        + Arrays.stream(values()).map(Sample::id).collect(Collectors.joining(", "))
                        + ". Name one of these."));
    }

    /** The name for people, which is the pipeline's too: {@code web-events}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The pipeline file's name, {@code web-events.yaml}; it is a resource beside this class. */
    public String pipelineFile() {
        return id() + ".yaml";
    }

    /** The pipeline file's text. */
    public String pipelineText() {
        try (InputStream file = Sample.class.getResourceAsStream(pipelineFile())) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the resource " + pipelineFile(), e);
        }
    }

    /** How many events so many hours have when nobody asks for another number. */
    public abstract long usualEvents(int hours);

    public Generator generator() {
        return new Generator(this);
    }

    Layout layout() {
        return Layout.FIREHOSE;
    }

    /** What stands after each record. */
    String separator() {
        return "\n";
    }

    /** Lets the events happen. */
    abstract Traffic emit(Request request, Dice dice, Deliveries deliveries) throws IOException;
}
