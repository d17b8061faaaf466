// What goes between the main thread and the disposable Worker. Types only.
import type { PositionAnswer, PositionQuestion } from "../constraints/position/types.ts";
import type { SharedVocabulary } from "../constraints/position/shared_vocabulary.ts";
import type { Fault } from "../fault.ts";
import type { ConstraintCheckInput, ConstraintCheckResult } from "../wire/constraint.ts";
import type { ChatTemplateJob } from "./jinja/render.ts";

/** A user's regular expression, and the texts it is tried on. */
export interface RegexSearchJob {
  readonly pattern: string;
  readonly texts: readonly string[];
}

/** The untrusted programs that can run in the sandbox: input in, plain data out. */
export interface SandboxJobs {
  chat_template: { readonly input: ChatTemplateJob; readonly output: string };
  regex_search: { readonly input: RegexSearchJob; readonly output: readonly number[] };
  constraint_position: { readonly input: PositionQuestion; readonly output: PositionAnswer };
  constraint_check: { readonly input: ConstraintCheckInput; readonly output: ConstraintCheckResult };
  /** Makes ready what programs of the same purpose need. */
  prepare: { readonly input: { readonly vocabulary: SharedVocabulary | null }; readonly output: null };
}
export type SandboxKind = keyof SandboxJobs;

export interface ToSandbox {
  readonly id: number;
  readonly kind: SandboxKind;
  readonly input: unknown;
  /** Milliseconds that the job may take. */
  readonly deadlineMs: number;
}

/** `started` comes when the code is loaded and the job begins: the deadline counts from there. A job ends `done`,
 * `refused` (the program itself says no, in a sentence) or `broken` (anything unforeseen). */
export type FromSandbox =
  | { readonly id: number; readonly state: "started" }
  | { readonly id: number; readonly state: "done"; readonly output: unknown }
  | { readonly id: number; readonly state: "refused"; readonly message: string; readonly fault: Fault }
  | { readonly id: number; readonly state: "broken"; readonly message: string };
