// Settings that name tokens by id (logit bias, sequence breakers) hold for one tokenizer: another one's ids are other
// tokens. Under another tokenizer they are set aside, and are in force again when theirs is back.
import { isRecord } from "../../basics/is_record.ts";
import { mapTokenIds, readParams } from "../../sampling/param_values.ts";
import { NEUTRAL_PARAMS, PARAMETER_LIST, PARAMETERS, type Params } from "../../sampling/params.ts";
import type { Token } from "../../wire/token.ts";

/** The parameters that name tokens by id. */
export type IdParams = {
  readonly [
    Name in keyof Params as typeof PARAMETERS[Name]["kind"] extends "ids" | "biases" ? Name : never
  ]: Params[Name];
};

/** What the ids in settings mean. */
export interface NamedIds {
  /** The tokenizer whose ids they are. */
  readonly tokenizerKey: string;
  /** The model that served when they were named. */
  readonly modelId: string;
  /** The tokens, as far as they are known. */
  readonly tokens: readonly Token[];
}

/** Settings of another tokenizer: not in force. */
export interface IdsAside extends NamedIds {
  readonly params: IdParams;
}

/** Settings with what their ids mean. `ids` absent: nothing is named, or an older page named it. */
export interface WithIds {
  readonly params: Params;
  readonly ids?: NamedIds;
  readonly aside?: readonly IdsAside[];
}

/** The model that serves. */
export interface TokenizerOf {
  readonly tokenizerKey: string;
  readonly id: string;
}

const ID_NAMES = PARAMETER_LIST.flatMap(([name, row]) =>
  row.kind === "ids" || row.kind === "biases" ? [name as keyof IdParams] : []
);

/** The parameters that name tokens, out of all. */
export function pickIds(params: Params): IdParams {
  return Object.fromEntries(ID_NAMES.map((name) => [name, params[name]])) as unknown as IdParams;
}

/** Every token id that settings name, each once. */
export function listTokenIds(params: IdParams): number[] {
  return [...new Set(ID_NAMES.flatMap((name) => listIds(params[name])))];
}

function listIds(value: IdParams[keyof IdParams]): number[] {
  return Array.isArray(value) ? [...value] : Object.keys(value).map(Number);
}

/** Settings under this model's tokenizer: what another one's ids name is set aside, what was set aside for this one is
 * in force again. `owner`: whose the ids are where the settings do not say it; null: not known, they stay as they
 * are. */
export function fitIds<S extends WithIds>(
  settings: S,
  model: TokenizerOf | null,
  owner: TokenizerOf | null = model,
): S {
  if (model === null) return settings;
  const { aside = [], params } = settings;
  const names = listTokenIds(params).length > 0;
  const { ids = names && owner !== null ? meaningOf(owner) : undefined } = settings;
  const back = aside.find(({ tokenizerKey }) => tokenizerKey === model.tokenizerKey);
  if (ids?.tokenizerKey === model.tokenizerKey) return ids === settings.ids ? settings : { ...settings, ids };
  if (names ? ids === undefined : back === undefined) return settings;
  const kept = aside.filter((each) => each !== back && each.tokenizerKey !== ids?.tokenizerKey);
  return {
    ...settings,
    params: { ...params, ...back?.params ?? pickIds(NEUTRAL_PARAMS) },
    ids: meaningOf(model, back?.tokens),
    aside: names ? [...kept, { ...ids!, params: pickIds(params) }] : kept,
  };
}

function meaningOf({ tokenizerKey, id: modelId }: TokenizerOf, tokens: readonly Token[] = []): NamedIds {
  return { tokenizerKey, modelId, tokens };
}

/** Settings with another parameter that names tokens of this model. `tokens`: those that it names newly, where they
 * are known. */
export function nameIds<S extends WithIds>(
  settings: S,
  change: Partial<IdParams>,
  model: TokenizerOf,
  tokens: readonly Token[] = [],
): S {
  const params = { ...settings.params, ...change };
  const named = new Set(listTokenIds(params));
  const known = new Map([...settings.ids?.tokens ?? [], ...tokens].map((token) => [token.id, token]));
  return {
    ...settings,
    params,
    ids: meaningOf(model, [...known.values()].filter(({ id }) => named.has(id))),
  };
}

/** Takes into force what was set aside, by the tokens that have the same text here. `found`: those tokens, by the old
 * ids; what is not among them stays aside. What is set here already stays as it is. */
export function takeOver<S extends WithIds>(
  settings: S,
  from: IdsAside,
  found: ReadonlyMap<number, Token>,
  model: TokenizerOf,
): S {
  const known = { ...NEUTRAL_PARAMS, ...from.params };
  const here = mapTokenIds(keepIds(known, (id) => found.has(id)), (id) => found.get(id)!.id);
  const change = Object.fromEntries(ID_NAMES.map((name) => {
    const [old, more] = [settings.params[name], here[name]];
    return [name, Array.isArray(old) ? [...new Set([...old, ...more as number[]])] : { ...more, ...old }];
  }));
  return nameIds(settings, change, model, [...found.values()]);
}

function keepIds(params: Params, keeps: (id: number) => boolean): Params {
  const kept = ID_NAMES.map((name) => {
    const value = params[name];
    if (Array.isArray(value)) return [name, value.filter(keeps)];
    return [name, Object.fromEntries(Object.entries(value).filter(([id]) => keeps(Number(id))))];
  });
  return { ...params, ...Object.fromEntries(kept) };
}

/** Settings without what was set for another tokenizer. */
export function dropAside<S extends WithIds>(
  settings: S,
  { tokenizerKey }: Pick<IdsAside, "tokenizerKey">,
): S {
  return { ...settings, aside: settings.aside?.filter((each) => each.tokenizerKey !== tokenizerKey) ?? [] };
}

/** What is set aside and has no counterpart in force: the same setting of a token with the same text. */
export function asideOf({ params, ids, aside = [] }: WithIds): IdsAside[] {
  const textsHere = new Map(ID_NAMES.map((name) => {
    const here = new Set(listIds(params[name]));
    return [name, new Set(ids?.tokens.flatMap((token) => here.has(token.id) ? [token.text] : []))];
  }));
  return aside.flatMap((each) => {
    const texts = new Map(each.tokens.map(({ id, text }) => [id, text]));
    const left = Object.fromEntries(ID_NAMES.map((name) => {
      const isHere = (id: number) => textsHere.get(name)!.has(texts.get(id) ?? "");
      return [name, keepIds({ ...NEUTRAL_PARAMS, ...each.params }, (id) => !isHere(id))[name]];
    })) as unknown as IdParams;
    return listTokenIds(left).length === 0 ? [] : [{ ...each, params: left }];
  });
}

function isToken(value: unknown): value is Token {
  if (!isRecord(value)) return false;
  const { id, text, display, special, bytes } = value;
  return Number.isSafeInteger(id) && typeof text === "string" && typeof display === "string" &&
    typeof special === "boolean" && Array.isArray(bytes) && bytes.every((byte) => Number.isInteger(byte));
}

/** What ids mean, from data of any origin; undefined where it cannot be that. */
export function readNamedIds(value: unknown): NamedIds | undefined {
  if (!isRecord(value)) return undefined;
  const { tokenizerKey, modelId, tokens } = value;
  if (typeof tokenizerKey !== "string" || typeof modelId !== "string") return undefined;
  if (!Array.isArray(tokens) || !tokens.every(isToken)) return undefined;
  return { tokenizerKey, modelId, tokens };
}

/** What ids mean and what was set aside, from data of any origin; what cannot be that is left out. */
export function readIds(
  value: { readonly ids?: unknown; readonly aside?: unknown },
): Omit<WithIds, "params"> {
  const ids = readNamedIds(value.ids);
  const aside = Array.isArray(value.aside) ? readAside(value.aside) : [];
  return { ...ids && { ids }, ...aside.length > 0 && { aside } };
}

function readAside(values: readonly unknown[]): IdsAside[] {
  return values.flatMap((each) => {
    const named = readNamedIds(each);
    if (named === undefined || !isRecord(each) || !isRecord(each.params)) return [];
    const read = readParams(each.params, NEUTRAL_PARAMS);
    return "params" in read ? [{ ...named, params: pickIds(read.params) }] : [];
  });
}
