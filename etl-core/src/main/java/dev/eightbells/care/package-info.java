/**
 * Care of a lake's tables: what has become too old, too small or of no use is found, and removed or laid out anew. What is
 * to be done is decided by pure functions over what one look has found.
 */
package dev.eightbells.care;
