// What an entry of the glossary is made of.
import type { Params } from "../../sampling/params.ts";
import { formatShortNumber } from "./format.ts";

/** The numbers and names that are known now. Every sentence does without those that are not. */
export interface TermNumbers {
  readonly entropyBits?: number | undefined;
  readonly effectiveChoices?: number | undefined;
  /** Tokens, most probable first, that hold 90 %. */
  readonly mass90?: number | undefined;
  readonly eosP?: number | undefined;
  /** Tokens that the settings leave. */
  readonly kept?: number | undefined;
  readonly vocabulary?: number | undefined;
  readonly firstP?: number | undefined;
  /** Of all that top-p, top-k and the like removed, by the model. */
  readonly sumRemoved?: number | undefined;
  readonly params?: Params | undefined;
  /** The model that is in use, by its whole name. */
  readonly modelName?: string | undefined;
  /** Its file: "q4". */
  readonly variant?: string | undefined;
}

type Sentence = string | false | undefined;

export interface Entry {
  /** The field's term, or the name in requests. */
  readonly name: string;
  readonly says: (numbers: TermNumbers) => readonly Sentence[];
}

/** An entry whose sentences hold no number. */
export function createEntry(name: string, ...sentences: readonly string[]): Entry {
  return { name, says: () => sentences };
}

/** "50,000" of a probability: so many draws until it comes once. */
export function drawsText(p: number): string {
  const draws = 1 / p;
  return formatShortNumber(draws, 2);
}
