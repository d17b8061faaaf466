// A completion, token after token, each a job of its own in the queue, so that others get their turn between: what
// clients of other servers ask for. Lean beside generate.ts: no distributions, only the text and its log-probabilities.
import type { LogprobsInput, SampleInput, SampleResult, ScoredId } from "../wire/sample.ts";
import { HeldText } from "./held_text.ts";
import type { Engine, SubmitOptions } from "./types.ts";

export interface CompletionInput extends Omit<SampleInput, "completion_ids" | "ban_end"> {
  readonly max_tokens: number;
  /** So many tokens come before an end-of-text token may be drawn. */
  readonly min_tokens: number;
  readonly stop: readonly string[];
  readonly stop_ids: readonly number[];
  readonly logprobs: LogprobsInput | null;
  readonly show_special: boolean;
}

/** One token, and the text that it made certain; what is held back comes with a later one. */
export interface CompletionPiece {
  readonly token: ScoredId;
  readonly text: string;
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
  const held = new HeldText(input.stop, input.show_special);
  const drawn: number[] = [];
  let mu = input.params.mirostat_mu;
  while (drawn.length < input.max_tokens) {
    const { token, end, mirostat_mu }: SampleResult = await engine.submit("sample", {
      model_key: input.model_key,
      prompt_ids: input.prompt_ids,
      completion_ids: drawn,
      params: { ...input.params, mirostat_mu: mu },
      constraint: input.constraint,
      ban_end: drawn.length < input.min_tokens,
      logprobs: input.logprobs,
    }, options);
    mu = mirostat_mu;
    if (token === null) {
      const reason = end === "constraint_end" ? end : "context_full";
      return { text: held.end(), reason, stoppedBy: null, tokens: drawn.length };
    }
    drawn.push(token.id);
    if (end === "eos_token" || input.stop_ids.includes(token.id)) {
      yield { token, text: "" };
      const reason = end === "eos_token" ? "end_of_text" : "stop";
      return { text: held.end(), reason, stoppedBy: token.id, tokens: drawn.length };
    }
    const { text, stop } = held.add(token.bytes, token.special);
    yield { token, text };
    if (stop !== null) return { text: "", reason: "stop", stoppedBy: stop, tokens: drawn.length };
    if (end !== null) {
      const reason = end === "constraint_end" ? end : "context_full";
      return { text: held.end(), reason, stoppedBy: null, tokens: drawn.length };
    }
  }
  return { text: held.end(), reason: "length", stoppedBy: null, tokens: drawn.length };
}
