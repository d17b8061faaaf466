// The settings that are lists: stop sequences, logit bias and the breakers of DRY, as tags and as they are typed.
import type { Token } from "../../wire/token.ts";
import type { Params } from "../../sampling/params.ts";
import { lookOf, type TokenLook } from "../words/appearance.ts";
import { settingText } from "./sampling.ts";

export interface StopTag {
  readonly look: TokenLook;
}

export interface BiasTag {
  readonly id: number;
  /** Null: nobody has said yet which token this is. */
  readonly look: TokenLook | null;
  readonly value: string; // "−2", "+1.5"
}

export interface BreakerTag {
  readonly id: number;
  /** Null: nobody has said yet which token this is. */
  readonly look: TokenLook | null;
}

/** Marks for all the whitespace of a stop sequence. */
function displayOf(text: string): string {
  return text.replaceAll(" ", "␠").replaceAll("\n", "⏎").replaceAll("\t", "⇥");
}

export function stopTags({ stop_sequences }: Params): StopTag[] {
  return stop_sequences.map((text) => ({
    look: lookOf({ text, display: displayOf(text), special: false, bytes: [] }),
  }));
}

/** A token by its id. `pills`: the tokens that are known. */
function tokenTag(id: number, pills: ReadonlyMap<number, Token>): BreakerTag {
  const pill = pills.get(id);
  return { id, look: pill === undefined ? null : lookOf(pill) };
}

/** `pills`: the tokens of the biased ids, as far as they are known. */
export function biasTags({ logit_bias }: Params, pills: ReadonlyMap<number, Token>): BiasTag[] {
  return Object.entries(logit_bias).map(([key, value]) => {
    const size = settingText(Math.abs(value));
    return { ...tokenTag(Number(key), pills), value: `${value < 0 ? "−" : "+"}${size}` };
  });
}

/** `pills`: the tokens of the ids, as far as they are known. */
export function breakerTags({ dry_breakers }: Params, pills: ReadonlyMap<number, Token>): BreakerTag[] {
  return dry_breakers.map((id) => tokenTag(id, pills));
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };
const MOST_STOPS = 64; // the most that a request may name

function unescaped(typed: string): string {
  return typed.replace(/\\([ntr\\])/g, (_, letter: string) => ESCAPES[letter]!);
}

/** A stop sequence as it is typed: \n, \t, \r and \\ stand for what they name. A sentence says why it cannot be
 * added. */
export function parseStop(typed: string, present: readonly string[]): { text: string } | { refused: string } {
  const text = unescaped(typed);
  if (text === "") return { refused: "An empty stop sequence would end every text at once." };
  if (present.includes(text)) return { refused: "This stop sequence is there already." };
  if (present.length >= MOST_STOPS) return { refused: `At most ${MOST_STOPS} stop sequences.` };
  return { text };
}

export interface TypedToken {
  /** The id, where it was typed as #id; else the token's text, to be tokenised. */
  readonly id: number | null;
  readonly text: string;
}

/** "#id", or the text of a token with the escapes of a stop sequence. */
export function parseToken(typed: string): TypedToken {
  const id = /^#(\d+)$/.exec(typed.trim());
  return { id: id ? Number(id[1]) : null, text: id ? "" : unescaped(typed) };
}

export interface TypedBias extends TypedToken {
  readonly value: number;
}

const LARGEST_BIAS = 10_000;

/** "token ±value" or "#id ±value": the number after the last space is the value, everything before it the token,
 * leading spaces included. */
export function parseBias(typed: string): TypedBias | { readonly refused: string } {
  const parts = /^(.*\S|\s+)\s+([+\-−]?\d*[.,]?\d+)\s*$/s.exec(typed);
  if (!parts) return { refused: "Write the token, a space and the value: sea −2." };
  const value = Number(parts[2]!.replace("−", "-").replace(",", "."));
  if (Math.abs(value) > LARGEST_BIAS) return { refused: `The value must be from −10,000 to 10,000.` };
  return { ...parseToken(parts[1]!), value };
}
