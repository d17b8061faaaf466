// llama.cpp's `timings`: how long the prompt and the tokens of one completion took, as a client waits for them.
import type { ChoicePiece } from "../completions/choice.ts";

export class Timings {
  readonly #prompt: number; // tokens
  readonly #begun = performance.now(); // milliseconds
  #first: { readonly at: number; readonly computed: number } | null = null; // token
  #last = this.#begun;
  #drawn = 0;

  constructor(promptTokens: number) {
    this.#prompt = promptTokens;
  }

  take({ computed }: ChoicePiece): void {
    this.#last = performance.now();
    this.#first ??= { at: this.#last, computed };
    this.#drawn++;
  }

  /** `cache_n` of the prompt's tokens were known. The first token is the prompt's: rates are of those after it. */
  figures() {
    const computed = this.#first?.computed ?? 0;
    const promptMs = (this.#first?.at ?? this.#last) - this.#begun;
    const drawMs = this.#first === null ? 0 : this.#last - this.#first.at;
    const later = Math.max(0, this.#drawn - 1);
    return {
      cache_n: this.#prompt - computed,
      prompt_n: computed,
      prompt_ms: promptMs,
      prompt_per_token_ms: rateOf(promptMs, computed),
      prompt_per_second: rateOf(computed * 1000, promptMs),
      predicted_n: this.#drawn,
      predicted_ms: drawMs,
      predicted_per_token_ms: rateOf(drawMs, later),
      predicted_per_second: rateOf(later * 1000, drawMs),
    };
  }

  /** llama.cpp's `prompt_progress` when the prompt is read. */
  promptRead() {
    const { cache_n, prompt_ms } = this.figures();
    return { total: this.#prompt, cache: cache_n, processed: this.#prompt, time_ms: Math.round(prompt_ms) };
  }
}

function rateOf(amount: number, per: number): number {
  return per > 0 ? amount / per : 0;
}
