// What the page knows: one immutable value, changed only by the functions beside this file. It has no DOM and
// does no I/O; the distribution itself always comes from the server.
import type { ModelStatus, NextTokenResult, Pill } from "../api/wire.ts";

/** A token that was appended, and what its distribution said about it. */
export interface Step {
  readonly pill: Pill;
  readonly prob: number;
  /** Place among the candidates, 1 = most probable. */
  readonly rank: number;
}

/** A text as token ids: what was started, and what was appended to it. */
export interface Path {
  readonly promptText: string;
  /** Null until the server has tokenised the prompt; from then on only ids travel. */
  readonly prompt: readonly Pill[] | null;
  readonly completion: readonly Step[];
  /** The last token ends the text: the bars stay those it was chosen from. */
  readonly ended: boolean;
}

export interface Settings {
  readonly temperature: number; // 0..2
  readonly topK: number; // candidates shown, 1..50
}

/** Why a distribution is asked for; `auto` is the first one, which nobody asked for by hand. */
export type Reason = "start" | "auto" | "append" | "remove" | "settings" | "retry";

/** A question to POST /api/next-token. Only the answer to the newest number is ever shown. */
export interface Question {
  readonly number: number;
  readonly context: { readonly text: string } | { readonly ids: readonly number[] };
  readonly settings: Settings;
  readonly reason: Reason;
  /** What to say first when the answer is there: "Added space sound." */
  readonly preface: string;
}

export interface Answer {
  readonly number: number;
  readonly settings: Settings;
  readonly result: NextTokenResult;
}

/** Why there is no answer. `refused`: the server says no to this text; `trouble`: it may work the next time;
 * `loading`: the model is not there yet; `unreachable`: no server at all. */
export interface Failure {
  readonly kind: "refused" | "trouble" | "loading" | "unreachable";
  readonly message: string;
  readonly detail: string;
}

export interface Session {
  /** What the prompt box holds. */
  readonly draft: string;
  /** The current text; null = empty. */
  readonly path: Path | null;
  readonly past: readonly Path[];
  readonly future: readonly (Path | null)[];
  readonly settings: Settings;
  readonly model: ModelStatus;
  readonly connected: boolean;
  /** Number of the newest question. */
  readonly asked: number;
  readonly pending: Question | null;
  readonly answer: Answer | null;
  readonly failure: Failure | null;
  /** Clicks on Greedy that wait for the distribution they append from. */
  readonly greedyWaiting: number;
  /** What the live region says. */
  readonly announcement: string;
}
