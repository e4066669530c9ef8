/** Raw JSON objects to typed records: what is read is accounted for, byte by byte, as rows or as rejections. */
package dev.eightbells.read;
