/**
 * Which raw objects make up which batch, and how far each batch has come: planning decides, and the ledger keeps it, in
 * nothing but small objects below the lake that are created when absent or replaced when unchanged. Everything here may
 * happen twice, in two processes at once, and may be cut off anywhere.
 */
package dev.eightbells.batch;
