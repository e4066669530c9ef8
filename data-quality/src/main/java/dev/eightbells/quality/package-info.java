/** The quality of a batch: rules in DQDL, their evaluation down to the row, and their history. The module is empty until its first rule can be evaluated. */
package dev.eightbells.quality;
