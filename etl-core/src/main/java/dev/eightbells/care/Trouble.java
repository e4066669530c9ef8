package dev.eightbells.care;

/**
 * A part of care that could not be done; the others were.
 *
 * @param subject what it was about, for people
 * @param thrown why; also what Spark throws without declaring it
 */
public record Trouble(String subject, Exception thrown) {}
