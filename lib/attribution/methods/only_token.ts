// Methods that explain one token only. Apart from them: every answer's job is read at a start, no method is.
import { fault } from "../../fault.ts";
import type { Target } from "../types.ts";

/** The target's only token. Throws an `unsupported` fault for a span. */
export function requireOnlyToken({ ids }: Target, method: string): number {
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return id;
  throw fault(
    "unsupported",
    `${method} explains one token, not a span of ${ids.length}; choose one of its tokens.`,
    "target_span",
  );
}
