// The tabs of "More controls": their names, their present values, and where their panels come from.
import type { ComponentType } from "preact";
import { count } from "../../lib/explorer/words/format.ts";
import { samplingSummary } from "../../lib/explorer/settings/sampling.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import type { PanelProps } from "./panel_props.ts";

export interface MoreTab {
  readonly id: string;
  readonly label: string;
  /** "Custom, T 0.9, top-p 0.75" */
  readonly summary: string;
}

/** Loads the panel of a tab; each is a file of its own for the browser. */
export const PANELS: Readonly<Record<string, () => Promise<ComponentType<PanelProps>>>> = {
  sampling: () => import("./SamplingTab.tsx").then(({ SamplingTab }) => SamplingTab),
  attribution: () => import("../attribution/AttributionTab.tsx").then(({ AttributionTab }) => AttributionTab),
  branches: () => import("./BranchesTab.tsx").then(({ BranchesTab }) => BranchesTab),
};

/** `attribution`: its present value, "Occlusion". */
export function moreTabs(session: Session, attribution: string): readonly MoreTab[] {
  const { length } = session.tree.branches;
  return [
    { id: "sampling", label: "Sampling", summary: samplingSummary(session.settings) },
    { id: "attribution", label: "Attribution", summary: attribution },
    { id: "branches", label: "Branches", summary: `${count(length)} path${length === 1 ? "" : "s"}` },
  ];
}
