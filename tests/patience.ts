// How long tests wait for what must come. A hang is a failure, a busy machine is none: what comes ends the wait.

/** Milliseconds for one thing on a page. */
export const PAGE_PATIENCE_MS = 60_000;

/** Of a whole test. */
export const PATIENCE = { timeout: 600_000 }; // milliseconds
