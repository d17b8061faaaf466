// The constraint in one line, for its tab.
import { CONSTRAINT_KINDS, type ConstraintInput } from "../../sampling/constraint_kinds.ts";
import type { ConstraintDesk } from "./desk.ts";

/** "Off", "4 choices", "Regex", "Grammar: 1 error". `desk`: null where the tab was never opened. */
export function constraintSummary({ enabled, type }: ConstraintInput, desk: ConstraintDesk | null): string {
  const { on, type: drafted } = desk?.draft.value ?? { on: enabled, type };
  const checked = desk?.checked.value ?? null;
  if (!on) return "Off";
  const { label } = CONSTRAINT_KINDS[drafted];
  if (checked !== null && "refused" in checked) return `${label}: 1 error`;
  return checked?.options ? `${checked.options} choice${checked.options === 1 ? "" : "s"}` : label;
}
