// POST /api/generate: step after step. Types only.
import type { StepInput, StepResult, StopReason } from "./step.ts";
import type { ModelFacts, Timing } from "./token.ts";

export interface GenerateInput extends StepInput {
  readonly max_tokens: number;
  readonly stream: boolean;
}

/** The data of the event `done` of a streamed generation. */
export interface GenerateSummary {
  readonly model: ModelFacts;
  readonly new_completion_ids: readonly number[];
  readonly text: string; // of the appended tokens; U+FFFD for bytes that are no text
  readonly appended_count: number;
  readonly done: boolean;
  readonly stop_reason: StopReason;
  readonly mirostat_mu: number | null;
  readonly timing: Timing; // of all steps together
}

/** The answer where `stream` is false. */
export interface GenerateResult extends GenerateSummary {
  readonly steps: readonly StepResult[];
}
