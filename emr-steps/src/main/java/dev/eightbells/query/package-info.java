/**
 * Questions in SQL that change nothing: a text becomes rows of the relations that it may read, and those a table, CSV or
 * JSON. Begin with {@link dev.eightbells.query.Query}.
 */
package dev.eightbells.query;
