/**
 * The Iceberg tables of a lake: their catalogs, schemas and partitions, and the commits that stage and publish a batch.
 * Every commit to a table goes through here, and names the batch, attempt and step that made it.
 */
package dev.eightbells.table;
