/**
 * The watch itself: fired every four hours, it finishes what is open, plans what is new, and gives batches to a compute
 * service. It decides by what lies in the lake and what the service says, never by what it did last time.
 */
package dev.eightbells.trigger;
