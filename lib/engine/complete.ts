// A completion, token after token, each a job of its own in the queue, so that others get their turn between: what
// clients of other servers ask for. Lean beside generate.ts: no distributions, only the text and its log-probabilities.
import type { LogprobsInput, SampleInput, SampleResult, ScoredId } from "../wire/sample.ts";
import { HeldText } from "./held_text.ts";
import type { Engine, SubmitOptions } from "./types.ts";

export interface CompletionInput extends Omit<SampleInput, "completion_ids" | "ban_end" | "banned_ids"> {
  readonly max_tokens: number;
  /** So many tokens come before an end-of-text token or one of `stop_ids` may be drawn, or a stop sequence is looked
   * for. */
  readonly min_tokens: number;
  /** End-of-text tokens are never drawn. */
  readonly ignore_end: boolean;
  readonly stop: readonly string[];
  readonly stop_ids: readonly number[];
  /** What ends the text is part of it. */
  readonly show_stop: boolean;
  readonly logprobs: LogprobsInput | null;
  readonly show_special: boolean;
}

/** One token, and the text that it made certain; what is held back comes with a later one. */
export interface CompletionPiece {
  readonly token: ScoredId;
  readonly text: string;
  readonly computed: number; // tokens that the model was run over for it
}

export interface CompletionEnd {
  /** Text that no token comes after. */
  readonly text: string;
  readonly reason: "end_of_text" | "stop" | "length" | "context_full" | "constraint_end";
  /** The stop sequence, or the end-of-text token. */
  readonly stoppedBy: string | number | null;
  readonly tokens: number;
}

/** Yields each token as it is drawn, and not before it is asked for. Throws what Engine.submit throws. */
export async function* complete(
  engine: Pick<Engine, "submit">,
  input: CompletionInput,
  options: SubmitOptions,
): AsyncGenerator<CompletionPiece, CompletionEnd> {
  const held = new HeldText(input.stop, { special: input.show_special, stop: input.show_stop });
  const drawn: number[] = [];
  let mu = input.params.mirostat_mu;
  while (drawn.length < input.max_tokens) {
    const mayStop = drawn.length >= input.min_tokens;
    const asked = sampleInput(input, drawn, mayStop, mu);
    const result: SampleResult = await engine.submit("sample", asked, options);
    const { token, end, computed_tokens: computed } = result;
    mu = result.mirostat_mu;
    if (token === null) {
      const reason = end === "constraint_end" ? end : "context_full";
      return { text: held.end(), reason, stoppedBy: null, tokens: drawn.length };
    }
    drawn.push(token.id);
    if (end === "eos_token" || input.stop_ids.includes(token.id)) {
      const text = input.show_stop ? held.add(token.bytes, token.special, false).text : "";
      yield { token, text, computed };
      const reason = end === "eos_token" ? "end_of_text" : "stop";
      return { text: held.end(), reason, stoppedBy: token.id, tokens: drawn.length };
    }
    const { text, stop } = held.add(token.bytes, token.special, mayStop);
    yield { token, text, computed };
    if (stop !== null) return { text: "", reason: "stop", stoppedBy: stop, tokens: drawn.length };
    if (end !== null) {
      const reason = end === "constraint_end" ? end : "context_full";
      return { text: held.end(), reason, stoppedBy: null, tokens: drawn.length };
    }
  }
  return { text: held.end(), reason: "length", stoppedBy: null, tokens: drawn.length };
}

function sampleInput(
  { model_key, prompt_ids, params, constraint, allowed_ids, breaker_texts, logprobs, ...input }:
    CompletionInput,
  drawn: readonly number[],
  mayStop: boolean,
  mu: number | null,
): SampleInput {
  return {
    ...{ model_key, prompt_ids, completion_ids: drawn },
    ...{ params: { ...params, mirostat_mu: mu }, constraint, allowed_ids, breaker_texts, logprobs },
    ban_end: input.ignore_end || !mayStop,
    banned_ids: mayStop ? [] : input.stop_ids,
  };
}
