/**
 * Forgetting: somebody asks for rows to be gone, and this takes them out of events, sessions, quarantine, warehouse and
 * every file that still holds them. Each effect may be repeated; what is left to do stands in the lake's ledger.
 */
package dev.eightbells.forget;
