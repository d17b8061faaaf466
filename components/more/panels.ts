// The panels behind the tabs, loaded together when the first is opened: as files of their own they would cut what they
// share with the page into many small ones, which the first view has to fetch.
import type { ComponentType } from "preact";
import { ClassTab } from "../teach/ClassTab.tsx";
import { AttributionTab } from "../attribution/AttributionTab.tsx";
import { BranchesTab } from "./BranchesTab.tsx";
import { ConstraintTab } from "./ConstraintTab.tsx";
import type { PanelProps } from "./panel_props.ts";
import { SamplingTab } from "./SamplingTab.tsx";
import { SessionsTab } from "../sessions/SessionsTab.tsx";
import { StudyTab } from "../study/StudyTab.tsx";

/** By the id of the tab. */
export const PANELS: Readonly<Record<string, ComponentType<PanelProps>>> = {
  sampling: SamplingTab,
  constraint: ConstraintTab,
  attribution: AttributionTab,
  branches: BranchesTab,
  class: ClassTab,
  sessions: SessionsTab,
  study: StudyTab,
};
