// The two things that Preact's hooks and `asset()` have to find without being handed them. They are module state on
// purpose: Preact's hooks are global and renderToString is synchronous, so at most one page renders at a time;
// and one process serves one build.
import type { Rendering } from "./render.ts";

export const current: { rendering: Rendering | null; buildId: string } = { rendering: null, buildId: "" };
