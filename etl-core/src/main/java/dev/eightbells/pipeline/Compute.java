package dev.eightbells.pipeline;

import java.io.Serializable;

/** Where the batches of a pipeline run. */
public record Compute() implements Serializable {}
