package dev.eightbells.batch;

import java.util.Locale;

/** What planning decided for one window: nothing, or one batch. */
public sealed interface Plan {
    /** The window that was planned for. */
    Window window();

    /** The folders that were listed. */
    Bounds listed();

    /** What was seen in them. */
    Counts counts();

    /** One sentence for a person. */
    String sentence();

    /** This plan as JSON; a new batch's is its manifest's. */
    String json();

    /**
     * What a listing held.
     *
     * @param listed all keys
     * @param planned objects that are in a manifest already
     * @param hidden keys whose last part begins with a dot or an underscore
     * @param directories directory markers
     * @param empty objects of no bytes
     */
    record Counts(long listed, long planned, long hidden, long directories, long empty) {
        /** Keys that are no objects to read. */
        public long ignored() {
            return hidden + directories + empty;
        }

        private static String objects(long count) {
            return count == 1 ? "1 object" : String.format(Locale.ROOT, "%,d objects", count);
        }
    }

    /** There is nothing new. */
    record Idle(Window window, Bounds listed, Counts counts) implements Plan {
        @Override
        public String sentence() {
            return String.format(
                    Locale.ROOT,
                    "Nothing new for the window %s: of %s listed, %,d planned already and %,d ignored.",
                    window,
                    Counts.objects(counts.listed()),
                    counts.planned(),
                    counts.ignored());
        }

        @Override
        public String json() {
            return LedgerJson.text(this);
        }
    }

    /**
     * There is a batch to make.
     *
     * @param manifest with the number that was free when it was planned
     */
    record NewBatch(Manifest manifest, Counts counts) implements Plan {
        @Override
        public Window window() {
            return manifest.window();
        }

        @Override
        public Bounds listed() {
            return manifest.listed();
        }

        @Override
        public String sentence() {
            String left = manifest.left().objects() == 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "; %s (%,d bytes) left for the next batch",
                            Counts.objects(manifest.left().objects()),
                            manifest.left().bytes());
            return String.format(
                    Locale.ROOT,
                    "Batch %s for the window %s takes %s (%,d bytes)%s; %,d planned already and %,d ignored.",
                    manifest.batch(),
                    manifest.window(),
                    Counts.objects(manifest.objects().size()),
                    manifest.bytes(),
                    left,
                    counts.planned(),
                    counts.ignored());
        }

        @Override
        public String json() {
            return manifest.json();
        }
    }
}
