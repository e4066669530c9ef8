/**
 * DQDL, the rule language of AWS Glue Data Quality, as it is written: text to rules, each with its place in the file. Knows
 * no data and no engine.
 *
 * @see <a href="https://docs.aws.amazon.com/glue/latest/dg/dqdl.html">the language's reference</a>
 */
package dev.eightbells.quality.dqdl;
