package dev.eightbells.samples;

/** A third of a day of visits: a load into nothing, and one that finds something. */
class LoadedWebEventsTest extends LoadedWebEvents {
    LoadedWebEventsTest() {
        super(2);
    }
}
