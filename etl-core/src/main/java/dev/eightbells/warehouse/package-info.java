/**
 * Redshift: connecting to it, and what its errors mean. What has been committed to the tables is loaded into it, each
 * commit once, in order.
 */
package dev.eightbells.warehouse;
