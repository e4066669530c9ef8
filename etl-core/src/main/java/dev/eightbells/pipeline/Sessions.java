package dev.eightbells.pipeline;

import java.io.Serializable;

/** The session table of a pipeline. */
public record Sessions() implements Serializable {}
