/** A Hive metastore on this machine: the real one, over an embedded database. */
package dev.eightbells.localaws.hive;
