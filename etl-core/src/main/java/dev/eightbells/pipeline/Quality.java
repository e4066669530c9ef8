package dev.eightbells.pipeline;

import java.io.Serializable;

/** The data-quality rules of a pipeline. */
public record Quality() implements Serializable {}
