package dev.eightbells.samples;

/** Two thirds of a day of visits. */
class LoadedWebEventsTest extends LoadedWebEvents {
    LoadedWebEventsTest() {
        super(4);
    }
}
