// What a saved session looks like: the form in the browser's store, and the file of JSON export.
import type { ConstraintInput } from "../../../sampling/constraint_kinds.ts";
import type { TokenScore } from "../../../wire/token.ts";
import type { Params } from "../../../sampling/params.ts";
import type { WithIds } from "../../settings/named_ids.ts";
import type { Preset } from "../../settings/sampling.ts";
import type { Draft, PromptRead, PromptSource, StepRecord } from "../../session/types.ts";

export const FORMAT = "next-token-session";
export const VERSION = 1;

export interface SavedRoot {
  readonly id: number;
  readonly source: PromptSource;
  readonly read: PromptRead | null;
}

/** A step without its parent and its settings: both by number. */
export interface SavedStep extends Omit<StepRecord, "params" | "constraint"> {
  readonly id: number;
  readonly parent: number;
  readonly params: number; // place in `SavedSession.params`
}

export interface SavedTree {
  readonly branches: readonly { readonly id: number; readonly name: string; readonly tip: number }[];
  readonly current: number | null;
}

export interface SavedSettings extends WithIds {
  readonly preset: Preset;
  readonly topK: number;
  readonly constraint: ConstraintInput;
}

/** Everything but the nodes. */
export interface SavedHead {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly savedAt: string; // ISO 8601
  readonly model: string | null;
  readonly draft: Draft;
  readonly settings: SavedSettings;
  readonly look: number | null;
  /** Place of the token of the prompt that is inspected; null: none of it is. */
  readonly promptLook: number | null;
  readonly nextId: number;
  readonly tree: SavedTree;
  readonly past: readonly SavedTree[];
  readonly future: readonly SavedTree[];
  readonly params: readonly Params[];
  readonly scores: readonly { readonly root: number; readonly tokens: readonly TokenScore[] }[];
}

/** A session as a file. */
export interface SavedSession extends SavedHead {
  readonly roots: readonly SavedRoot[];
  /** Parents before children. */
  readonly steps: readonly SavedStep[];
}
