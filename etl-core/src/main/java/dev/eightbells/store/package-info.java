/**
 * Objects by key below a location: on S3, in a local folder or in memory, with the same behaviour. Everything that
 * Eightbells remembers rests on its create-if-absent and replace-if-unchanged; no Spark and no Hadoop here.
 */
package dev.eightbells.store;
