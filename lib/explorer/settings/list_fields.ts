// The settings that are lists: stop sequences, logit bias and lists of tokens, as tags and as they are typed.
import type { Token } from "../../wire/token.ts";
import { NEUTRAL_PARAMS, PARAMETERS, type Params } from "../../sampling/params.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { asideOf, listTokenIds, type WithIds } from "./named_ids.ts";
import { settingText, shortNameOf } from "../words/format.ts";

export interface StopTag {
  readonly rendering: TokenRendering;
}

export interface IdTag {
  readonly id: number;
  /** Null: which token has this id is not known yet. */
  readonly rendering: TokenRendering | null;
}

export interface BiasTag extends IdTag {
  readonly value: string; // "−2", "+1.5"
}

/** Settings of another tokenizer, as they are shown. */
export interface AsideView {
  readonly tokenizerKey: string;
  readonly model: string;
  readonly settings: readonly {
    readonly label: string;
    readonly tags: readonly (IdTag & { readonly value: string })[];
  }[];
  /** The text of one of the tokens is known. */
  readonly byText: boolean;
}

/** Marks for all the whitespace of a stop sequence. */
function displayOf(text: string): string {
  return text.replaceAll(" ", "␠").replaceAll("\n", "⏎").replaceAll("\t", "⇥");
}

/** The stop sequences as tags. */
export function stopTagsOf({ stop_sequences }: Params): StopTag[] {
  return stop_sequences.map((text) => ({
    rendering: renderToken({ text, display: displayOf(text), special: false, bytes: [] }),
  }));
}

/** A token by its id. `tokens`: those that are known. */
function idTagOf(id: number, tokens: ReadonlyMap<number, Token>): IdTag {
  const token = tokens.get(id);
  return { id, rendering: token === undefined ? null : renderToken(token) };
}

/** What is set aside for other tokenizers and has no counterpart in force. */
export function asideViews(settings: WithIds): AsideView[] {
  return asideOf(settings).map(({ tokenizerKey, modelId, tokens, params }) => {
    const known = new Map(tokens.map((token) => [token.id, token]));
    const all = { ...NEUTRAL_PARAMS, ...params };
    const breakers = idTagsOf(all.dry_breakers, known).map((tag) => ({ ...tag, value: "" }));
    return {
      ...{ tokenizerKey, model: shortNameOf(modelId) },
      settings: [
        { label: PARAMETERS.logit_bias.label, tags: biasTagsOf(all, known) },
        { label: PARAMETERS.dry_breakers.label, tags: breakers },
      ].filter(({ tags }) => tags.length > 0),
      byText: listTokenIds(params).some((id) => known.has(id)),
    };
  });
}

/** `tokens`: the tokens of the biased ids, as far as they are known. */
export function biasTagsOf({ logit_bias }: Params, tokens: ReadonlyMap<number, Token>): BiasTag[] {
  return Object.entries(logit_bias).map(([key, value]) => {
    const size = settingText(Math.abs(value));
    return { ...idTagOf(Number(key), tokens), value: `${value < 0 ? "−" : "+"}${size}` };
  });
}

/** `tokens`: the tokens of the ids, as far as they are known. */
export function idTagsOf(ids: readonly number[], tokens: ReadonlyMap<number, Token>): IdTag[] {
  return ids.map((id) => idTagOf(id, tokens));
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };
const { most: MOST_STOPS } = PARAMETERS.stop_sequences;

function unescape(typed: string): string {
  return typed.replace(/\\([ntr\\])/g, (_, letter: string) => ESCAPES[letter]!);
}

/** A stop sequence as it is typed: \n, \t, \r and \\ stand for what they name. A sentence says why it cannot be
 * added. */
export function parseStop(typed: string, present: readonly string[]): { text: string } | { refused: string } {
  const text = unescape(typed);
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
  return { id: id ? Number(id[1]) : null, text: id ? "" : unescape(typed) };
}

export interface TypedBias extends TypedToken {
  readonly value: number;
}

const [LEAST_BIAS, LARGEST_BIAS] = PARAMETERS.logit_bias.range;

/** "token ±value" or "#id ±value": the number after the last space is the value, everything before it the token,
 * leading spaces included. */
export function parseBias(typed: string): TypedBias | { readonly refused: string } {
  const parts = /^(.*\S|\s+)\s+([+\-−]?\d*[.,]?\d+)\s*$/s.exec(typed);
  if (!parts) return { refused: "Write the token, a space and the value: sea −2." };
  const value = Number(parts[2]!.replace("−", "-").replace(",", "."));
  if (value < LEAST_BIAS || value > LARGEST_BIAS) {
    return { refused: "The value must be from −10,000 to 10,000." };
  }
  return { ...parseToken(parts[1]!), value };
}
