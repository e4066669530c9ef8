package dev.eightbells.care;

/**
 * A part of care that could not be done; the others were.
 *
 * @param subject what it was about, for people
 * @param thrown why
 */
public record Trouble(String subject, RuntimeException thrown) {}
