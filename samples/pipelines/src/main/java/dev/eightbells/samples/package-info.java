/**
 * Three sample pipelines, each with its pipeline file and a generator of its raw data. A generator is seeded and
 * counts what it writes, so that a run over its files can be checked to the record.
 */
package dev.eightbells.samples;
