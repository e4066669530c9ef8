/**
 * What one pipeline file says, read, checked and frozen. Strings stop here: everything behind it works on the records
 * of {@link dev.eightbells.pipeline.Pipeline}.
 */
package dev.eightbells.pipeline;
