/**
 * The programs of Eightbells: the steps of a batch, and the command line that runs them here or under spark-submit. A
 * step is a function of a batch and what it works with; one runner owns attempts, leases and the way they end.
 */
package dev.eightbells.steps;
