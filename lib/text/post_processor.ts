// The `post_processor` of tokenizer.json: special tokens around a text's ids (tokenizers/src/processors).
import { findOwn } from "../basics/find_own.ts";
import { concat } from "../basics/concat.ts";
import { isRecord } from "../basics/is_record.ts";
import { byteLevelOptions } from "./file/byte_level.ts";
import { type Component, componentsOf, fileError, isId, unsupportedError } from "./file/component.ts";

/** The ids of a text as lists that are joined in the end: each step of a Sequence sees the lists that the one before
 * made, the second of them as the second text of a pair. `specials` false: no special tokens are added. */
export type PostProcessor = (lists: readonly Ids[], specials: boolean) => Ids[];
type Ids = ArrayLike<number>; // a long text's are a typed array

const kinds: Readonly<Record<string, (component: Component) => PostProcessor>> = {
  Sequence: sequence,
  TemplateProcessing: template,
  BertProcessing: (component) => surround(component, []),
  RobertaProcessing: (component) => surround(component, [idOf(component, "sep")]),
  ByteLevel: byteLevel,
};

/** One list of several; the list itself where it is one. */
export function joinIds(lists: readonly Ids[]): Ids {
  return lists.length === 1 ? lists[0]! : concat(Int32Array, lists);
}

/** Reads the post-processor, or null where there is none. Throws faults (model_failed, unsupported). */
export function createPostProcessor(component: Component | null): PostProcessor | null {
  if (component === null) return null;
  const kind = findOwn(kinds, component.type);
  if (kind === undefined) throw unsupportedError(`a post-processor of type ${component.type}`);
  return kind(component);
}

function sequence(component: Component): PostProcessor {
  const steps = componentsOf(component, "processors").map(createPostProcessor).filter((step) =>
    step !== null
  );
  const process: PostProcessor = (lists, specials) => {
    return steps.reduce<Ids[]>((current, step) => step(current, specials), [...lists]);
  };
  process([[]], true); // says at once what can't follow what
  process([[]], false);
  return process;
}

/** It trims offsets only. */
function byteLevel(component: Component): PostProcessor {
  byteLevelOptions(component);
  return (lists) => [...lists];
}

/** `["[CLS]", 101]` → 101 */
function idOf(component: Component, key: string): number {
  const pair = component[key];
  const [token, id]: unknown[] = Array.isArray(pair) && pair.length === 2 ? pair : [];
  if (typeof token !== "string" || !isId(id)) {
    throw fileError("tokenizer.json", `its ${component.type} needs "${key}", a token and its id`);
  }
  return id;
}

/** BERT's and RoBERTa's: what begins the first text, what begins further ones, and what ends each. */
function surround(component: Component, beforeOthers: Ids): PostProcessor {
  const begin = [idOf(component, "cls")];
  const end = idOf(component, "sep");
  return (lists, specials) => {
    if (!specials) return [...lists];
    return lists.map((ids, at) => joinIds([at === 0 ? begin : beforeOthers, ids, [end]]));
  };
}

/** The tokens of a template, each with its ids. */
function readSpecialTokens({ special_tokens }: Component): Map<string, Ids> {
  const found = new Map<string, Ids>();
  for (const [name, token] of Object.entries(isRecord(special_tokens) ? special_tokens : {})) {
    const { id, ids, tokens } = isRecord(token) ? token : {};
    const isToken = typeof id === "string" && Array.isArray(ids) && ids.every(isId) &&
      Array.isArray(tokens) &&
      tokens.every((one) => typeof one === "string");
    if (!isToken) {
      throw fileError(
        "tokenizer.json",
        `its TemplateProcessing needs id, ids and tokens of ${JSON.stringify(name)}`,
      );
    }
    found.set(name, ids);
  }
  return found;
}

/** What an object of one key holds, and under which. */
function entryOf(value: unknown): [key: string, value: unknown] {
  const [entry, ...more] = isRecord(value) ? Object.entries(value) : [];
  return entry === undefined || more.length > 0 ? ["", null] : entry;
}

/** A place of a template: one of the texts, or special tokens. */
type Place = { readonly text: 0 | 1 } | { readonly ids: Ids };

function template(component: Component): PostProcessor {
  const specialTokens = readSpecialTokens(component);
  const ofSpecial = (name: unknown): Ids => {
    const known = typeof name === "string" ? specialTokens.get(name) : undefined;
    if (known !== undefined) return known;
    throw fileError(
      "tokenizer.json",
      `its TemplateProcessing has no ids of the token ${JSON.stringify(name)}`,
    );
  };
  const placesOf = (key: string): Place[] => {
    const list = component[key];
    if (!Array.isArray(list)) {
      throw fileError("tokenizer.json", `its TemplateProcessing needs "${key}", a list`);
    }
    return list.map((place): Place => {
      const [kind, what] = entryOf(place);
      const { id, type_id } = isRecord(what) ? what : {};
      if (kind === "SpecialToken" && isId(type_id)) return { ids: ofSpecial(id) };
      if (kind === "Sequence" && isId(type_id) && (id === "A" || id === "B")) {
        return { text: id === "A" ? 0 : 1 };
      }
      throw fileError("tokenizer.json", `"${key}" of its TemplateProcessing has ${JSON.stringify(place)}`);
    });
  };
  const single = placesOf("single");
  const pair = placesOf("pair");
  if (single.some((place) => "text" in place && place.text === 1)) {
    throw fileError("tokenizer.json", 'its TemplateProcessing names a second text in "single"');
  }
  return (lists, specials) => {
    if (lists.length > 2) {
      throw unsupportedError("a TemplateProcessing after one that makes more than two parts");
    }
    const places = lists.length === 2 ? pair : single;
    return places.filter((place) => specials || "text" in place).map((place): Ids => {
      return "text" in place ? lists[place.text] ?? [] : place.ids;
    });
  };
}
