// One choice of a completion as a series of pieces: with echo the prompt first, then a piece a token.
import { complete, type CompletionEnd, type CompletionInput } from "../../engine/complete.ts";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import type { LogprobsInput, ReadPromptResult, ScoredId } from "../../wire/sample.ts";

/** A token in the text of its choice. */
export interface PlacedToken extends ScoredId {
  readonly offset: number; // where it begins in the text, in code points as Python counts
}

export interface ChoicePiece {
  readonly tokens: readonly PlacedToken[];
  readonly text: string;
  readonly computed: number; // tokens that the model was run over for it
}

/** What is asked of every choice. */
export interface ChoiceInput extends Omit<CompletionInput, "prompt_ids" | "model_key" | "params"> {
  readonly params: CompletionInput["params"];
  readonly echo: boolean;
}

/** Yields the prompt where it is echoed, then each token. Throws what Engine.submit throws. */
export async function* runChoice(
  engine: Pick<Engine, "submit">,
  prompt: ReadPromptResult,
  input: ChoiceInput,
  options: SubmitOptions,
): AsyncGenerator<ChoicePiece, CompletionEnd> {
  let offset = 0;
  if (input.echo) {
    const piece = await echoOf(engine, prompt, input.logprobs, options);
    offset = lengthOf(piece.text);
    yield piece;
  }
  const { model: { model_key }, ids } = prompt;
  const pieces = complete(engine, { ...input, model_key, prompt_ids: ids }, options);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let next = await pieces.next();; next = await pieces.next()) {
    if (next.done) return next.value;
    const { token, text, computed } = next.value;
    yield { tokens: [{ ...token, offset }], text, computed };
    const shown = input.show_special || !token.special;
    if (shown) offset += lengthOf(decoder.decode(Uint8Array.from(token.bytes), { stream: true }));
  }
}

/** A choice to its end; `seen` is told of each piece as it comes. */
export async function collect(
  run: AsyncGenerator<ChoicePiece, CompletionEnd>,
  seen: (piece: ChoicePiece) => void = () => {},
): Promise<{ readonly pieces: readonly ChoicePiece[]; readonly end: CompletionEnd }> {
  const pieces: ChoicePiece[] = [];
  for (let next = await run.next();; next = await run.next()) {
    if (next.done) return { pieces, end: next.value };
    seen(next.value);
    pieces.push(next.value);
  }
}

async function echoOf(
  engine: Pick<Engine, "submit">,
  { model: { model_key }, ids, texts }: ReadPromptResult,
  logprobs: LogprobsInput | null,
  options: SubmitOptions,
): Promise<ChoicePiece> {
  const asked = { model_key, ids, logprobs };
  const { tokens, computed_tokens: computed } = await engine.submit("score_tokens", asked, options);
  let offset = 0;
  const placed = tokens.map((token, at) => {
    const place = { ...token, offset };
    offset += lengthOf(texts?.[at] ?? "");
    return place;
  });
  return { tokens: placed, text: (texts ?? []).join(""), computed };
}

/** In code points. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
