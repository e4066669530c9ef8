package dev.eightbells.pipeline;

import java.io.Serializable;

/** The warehouse that a pipeline loads. */
public record Warehouse() implements Serializable {}
