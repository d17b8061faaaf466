// The session of a page that was just opened, and the values everything starts with.
import { NO_CONSTRAINT } from "../../sampling/constraint_kinds.ts";
import { parseStatus, readyModel } from "./model.ts";
import type { ModelStatus } from "../../wire/models.ts";
import { EMPTY_TREE } from "./branches.ts";
import { fitIds } from "../settings/named_ids.ts";
import { FIRST_SAMPLING } from "../settings/sampling.ts";
import type { Display } from "./display.ts";
import type { Draft, LastStep, Session, Settings } from "./types.ts";
import { DEFAULT_SYSTEM_PROMPT } from "../../wire/system_prompt.ts";

export const TOP_K = { min: 1, max: 50, initial: 10 } as const;
export const TEMPERATURE = { min: 0, max: 2, step: 0.05 } as const;
/** Milliseconds between two tokens of Play; 0 besides = as fast as it can. */
export const SPEED = { min: 120, max: 2000, initial: 400 } as const;
export const PLAY_TOKENS = { min: 1, max: 10_000, initial: 100 } as const;

export const FIRST_SETTINGS: Settings = {
  ...FIRST_SAMPLING,
  topK: TOP_K.initial,
  constraint: NO_CONSTRAINT,
};

export const FIRST_DISPLAY: Display = {
  heat: "probability",
  axis: "linear",
  live: true,
  view: "tokens",
  table: false,
  expert: false,
  tab: "sampling",
  speedMs: SPEED.initial,
  playTokens: PLAY_TOKENS.initial,
};

const FIRST_CHAT: Draft["chat"] = {
  messages: [
    { role: "system", content: DEFAULT_SYSTEM_PROMPT },
    { role: "user", content: "" },
  ],
  open: true,
};

/** Nothing was appended just now. */
export const NO_STEP: LastStep = { drawn: null, stopped: null };

export interface NewSession {
  readonly prompt: string;
  readonly model: ModelStatus;
  readonly settings?: Settings;
  readonly display?: Display;
  readonly enabled?: boolean;
}

/** A session with nothing on the page but a draft. */
export function createSession(options: NewSession): Session {
  const { prompt, model, settings = FIRST_SETTINGS, display = FIRST_DISPLAY, enabled = true } = options;
  const known = parseStatus(model);
  return {
    tree: EMPTY_TREE,
    past: [],
    future: [],
    nextId: 1,
    inspected: null,
    draft: { mode: "text", text: prompt, chat: FIRST_CHAT },
    typedRoot: null,
    settings: fitIds(settings, readyModel(known), null),
    display,
    enabled,
    ...known,
    connected: true,
    asked: 0,
    activity: { kind: "idle", play: null },
    answer: null,
    promptScores: new Map(),
    pins: [],
    pinned: null,
    lastStep: NO_STEP,
    announcement: "",
  };
}
