/**
 * Sessions: the runs of one visitor's events in which no gap is longer than the pipeline's, whatever batches the events
 * come in. {@link dev.eightbells.session.SessionAlgebra} says what a session is, without Spark; the rest brings a batch's
 * events and the stored sessions within their reach together, and makes the files that replace the days they change.
 */
package dev.eightbells.session;
