/**
 * Brings a Redshift warehouse up to the lake's tables: each of their commits once, in order, in one transaction with a row
 * of the warehouse's ledger. A pure planner decides which statements that takes, one class writes them as SQL, and a
 * runner sends them.
 */
package dev.eightbells.warehouse;
