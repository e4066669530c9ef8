package dev.eightbells.samples;

/** A day of visits, and the first windows of the next. */
class LoadedWebEventsTest extends LoadedWebEvents {
    LoadedWebEventsTest() {
        super(8);
    }
}
