// The tabs of "More controls": their names, their present values, and where their panels come from.
import type { ComponentType } from "preact";
import type { ConstraintDesk } from "../../lib/explorer/constraints/desk.ts";
import { constraintSummary } from "../../lib/explorer/constraints/summary.ts";
import { formatCount } from "../../lib/explorer/words/format.ts";
import { samplingSummary } from "../../lib/explorer/settings/sampling.ts";
import type { Term } from "../../lib/explorer/words/glossary.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import type { PanelProps } from "./panel_props.ts";

export interface MoreTab {
  /** The glossary explains it. */
  readonly id: Term;
  readonly label: string;
  /** "Custom, T 0.9, top-p 0.75" */
  readonly summary: string;
}

/** The panel of a tab; undefined where there is no such tab. */
export async function loadPanel(id: string): Promise<ComponentType<PanelProps> | undefined> {
  return (await import("./panels.ts")).PANELS[id];
}

interface TabValues {
  /** Null until the constraint's tab was opened. */
  readonly desk: ConstraintDesk | null;
  /** The present value of attribution: "Occlusion". */
  readonly attribution: string;
}

export function listTabs(session: Session, { desk, attribution }: TabValues): readonly MoreTab[] {
  const { length } = session.tree.branches;
  const constraint = constraintSummary(session.settings.constraint, desk);
  return [
    { id: "sampling", label: "Sampling", summary: samplingSummary(session.settings) },
    { id: "constraint", label: "Constraint", summary: constraint },
    { id: "attribution", label: "Attribution", summary: attribution },
    { id: "branches", label: "Branches", summary: `${formatCount(length)} path${length === 1 ? "" : "s"}` },
    { id: "study", label: "Study", summary: "Scores, lists" },
    { id: "class", label: "Class", summary: "Draws" },
    { id: "sessions", label: "Sessions", summary: "New, list" },
  ];
}
