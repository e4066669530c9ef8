package dev.eightbells.samples;

import org.junit.jupiter.api.Tag;

/** As many visits as the demo has windows. */
@Tag("soak")
class LoadedWebEventsOfThreeDaysTest extends LoadedWebEvents {
    LoadedWebEventsOfThreeDaysTest() {
        super(18);
    }
}
