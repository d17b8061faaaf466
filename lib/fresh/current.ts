// The two things that Preact's hooks and `asset()` have to find without being handed them. They are module state on
// purpose: Preact's hooks are global and renderToString is synchronous, so at most one page renders at a time;
// and one process serves one build.
import type { Island, IslandTable } from "./build.ts";

/** The state of one page while it renders. */
export interface Rendering {
  readonly nonce: string;
  readonly islands: IslandTable;
  /** The islands met so far; a marker's number is the place in this list. */
  readonly roots: { island: Island; props: unknown }[];
}

export const current: { rendering: Rendering | null; buildId: string } = { rendering: null, buildId: "" };
