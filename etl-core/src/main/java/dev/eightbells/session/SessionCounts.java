package dev.eightbells.session;

/**
 * What a batch did to the session table.
 *
 * @param events the batch's events that are in sessions
 * @param withoutVisitor its events that have no visitor, and so are in none
 * @param withoutTime its events that have a visitor and no time, and so are in none
 * @param created the sessions made of its events alone
 * @param extended the stored sessions that some of its events became part of
 * @param bridged the sessions in which its events connect several stored ones
 * @param partitionsRead how many days of stored sessions were read
 * @param partitionsRewritten how many days have changed, and were written anew
 */
public record SessionCounts(
        long events,
        long withoutVisitor,
        long withoutTime,
        long created,
        long extended,
        long bridged,
        long partitionsRead,
        long partitionsRewritten) {}
