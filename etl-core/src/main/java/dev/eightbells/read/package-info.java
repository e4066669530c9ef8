/**
 * Raw JSON objects to typed records, strictly and without losing a byte. {@link dev.eightbells.read.RecordReader} gives
 * every record and every malformed stretch of an object in order, as a row's values or as a rejection.
 *
 * <p><b>What is read.</b> A record is one JSON object (RFC 8259, UTF-8). Records may follow each other on lines or
 * without any delimiter, be spread over many lines, or be the elements of arrays; the object may be plain or gzip (by
 * content, any number of members), begin with a byte order mark and end without a newline.
 *
 * <p><b>Framing.</b> Behind a record and blanks must come a newline, the end or another brace; in an array a comma or the
 * closing bracket. More than 1 MB of blanks there counts as something else. Then:
 *
 * <ul>
 *   <li>Text that is well-formed but rejected (no object, not UTF-8 or half a surrogate pair inside a string, longer than
 *       {@code maxRecord}) is rejected from its beginning to its end, and reading goes on as behind a good record. A value
 *       that is no object must be followed by a newline or the end, or stand in an array.
 *   <li>Any other text is a malformed stretch. It ends before the first newline whose next line (blank lines aside) is not
 *       indented deeper than the line on which the stretch begins. Without a newline in its first MB, it also ends before
 *       a brace that follows a closing one and from where records go on.
 *   <li>Text that goes on as one well-formed record for more than {@code maxRecord} bytes and then turns out malformed is
 *       one stretch, {@code too-long}, that ends as if it began where it is malformed.
 * </ul>
 *
 * <p><b>Arrays.</b> A top-level array is a container when its first element is an object; then its brackets and commas
 * belong to no record. There may be several, one per line or one after the other.
 *
 * <ul>
 *   <li>When a malformed object is the first thing in an array, the stretch begins with the bracket if that is on the same
 *       line, else the bracket stands for a container.
 *   <li>When a good object comes first but neither a comma nor a bracket follows it: if the bracket is on the same line,
 *       all of it is a stretch; else the bracket alone is one, and what follows is read as if it were not there.
 *   <li>Behind a malformed stretch in an array, the array may go on or not: an object is accepted when what follows it
 *       fits either, and decides; a closing bracket ends the array, a comma goes on with it.
 *   <li>An array that ends without its bracket: an object that nothing follows is malformed, and so is a last comma.
 * </ul>
 *
 * <p><b>Gzip.</b> What can be decoded of a damaged object is read as if the object ended there; one rejection of length 0
 * without text follows for the rest, {@code truncated-gzip} or {@code corrupt-gzip}. It counts as read. Zero bytes behind
 * the last member are padding.
 *
 * <p><b>Values.</b> Of equal names in an object the last wins, at every level. Of a column's aliases the first wins that
 * is present and does not mean null. A field is known, and never rescued, when a column takes it or anything below it.
 * Strings are numbers when they are spelled like JSON numbers; {@code NaN} is none. {@link
 * dev.eightbells.read.NumberText} says when a number fits a type. A date column takes no time of day but midnight.
 */
package dev.eightbells.read;
