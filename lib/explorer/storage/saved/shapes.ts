// The checks of a saved session that comes from a file.
import type { Token } from "../../../wire/token.ts";
import type { DistResult, DistToken, Unlisted } from "../../../wire/distribution.ts";
import type { ConstraintState } from "../../../wire/constraint.ts";
import type { Draw } from "../../../wire/step.ts";
import type { Message, TokenScore } from "../../../wire/token.ts";
import {
  CONSTRAINT_TYPES,
  type ConstraintInput,
  readConstraint,
} from "../../../sampling/constraint_kinds.ts";
import { readParams } from "../../../sampling/param_values.ts";
import { NEUTRAL_PARAMS, ORDERED_STAGES, type Params, type StageName } from "../../../sampling/params.ts";
import { readIds } from "../../settings/named_ids.ts";
import { PRESET_NAMES } from "../../settings/sampling.ts";
import {
  acceptOldName,
  anyRecord,
  count,
  flag,
  list,
  nullable,
  number,
  numberWithin,
  oneOf,
  optional,
  record,
  refuseValue,
  type Shape,
  text,
} from "./shape.ts";
import {
  FORMAT,
  type SavedHead,
  type SavedRoot,
  type SavedSettings,
  type SavedStep,
  type SavedTree,
  VERSION,
} from "./types.ts";
import type { Draft, PromptRead, PromptSource } from "../../session/types.ts";

const STAGES: readonly StageName[] = [...ORDERED_STAGES, "greedy", "listed"];
const byte: Shape<number> = numberWithin(0, 255);

const constraint: Shape<ConstraintInput> = (value, at) =>
  readConstraint(value) ?? refuseValue(at, "a constraint of a known kind, with its text", value);

const tokenFields = { id: count, text, display: text, special: flag, bytes: list(byte), offset: count };
const token: Shape<Token> = record<Token>(tokenFields);

const distToken: Shape<DistToken> = record<DistToken>({
  ...tokenFields,
  p_base: number,
  p_final: number,
  p_raw: number,
  kept: flag,
  valid: flag,
  rank: count,
  logit: nullable(number),
  removed_by: nullable(oneOf(...STAGES)),
  stages: () => [],
  restore: () => null,
});

const wholeDist: Shape<DistResult> = record<DistResult>({
  top_k: count,
  tokens: list(distToken, 1000),
  kept_top: list(record({ ...tokenFields, p_final: number }), 1000),
  other_p_base: number,
  other_p_final: number,
  other_p_raw: number,
  kept_token_count: count,
  constraint_active: flag,
  constraint_type: nullable(oneOf(...CONSTRAINT_TYPES)),
  entropy_bits: nullable(number),
  entropy_final_bits: number,
  effective_choices: number,
  mass_90_count: count,
  eos_p: number,
  stages: list(record({
    name: oneOf(...STAGES),
    kept: count,
    removed: count,
    removed_mass: number,
    entropy_bits: number,
  })),
  masked_mass: number,
  unlisted: optional(
    record<Unlisted>({ count, p_raw: number, most_p_raw: number, most_other_p_raw: number }),
    undefined,
  ),
  constraint: optional(
    record<ConstraintState>({
      ...{ may_end: flag, must_end: flag, only_unusual: flag },
      ...{ allowed: count, masked_mass: number, kl_bits: number, more_expected: () => 0 },
      forced: nullable(record({ text, ids: list(count), ends: flag })),
      ...{ expected: () => [], notes: () => [] }, // the page's own worker says them
    }),
    undefined,
  ),
});

const dist: Shape<DistResult> = (value, at) => {
  const { unlisted, constraint, ...known } = wholeDist(value, at);
  return { ...known, ...unlisted && { unlisted }, ...constraint && { constraint } };
};

const message: Shape<Message> = (value, at) => {
  const { more } = anyRecord(value, at);
  const turn = record({ role: text, content: text })(value, at);
  return more === undefined ? turn : { ...turn, more: anyRecord(more, `${at}.more`) };
};

const source: Shape<PromptSource> = (value, at) => {
  const { kind } = record({ kind: oneOf("text", "chat", "tokens") })(value, at);
  if (kind === "text") return { kind, ...record({ text })(value, at) };
  return kind === "chat"
    ? { kind, ...record({ messages: list(message), open: flag })(value, at) }
    : { kind, ...record({ ids: list(count), tokenizerKey: nullable(text), text })(value, at) };
};

/** Settings; what they do not name is off, so that files of before a stage was added can be read. */
const params: Shape<Params> = (value, at) => {
  const read = readParams(anyRecord(value, at), NEUTRAL_PARAMS);
  if ("params" in read) return read.params;
  const { name, value: found, expected } = read.wrong;
  return refuseValue(`${at}.${name}`, expected, found);
};

const score: Shape<TokenScore> = record<TokenScore>({
  p: nullable(number),
  logprob: nullable(number),
  rank: nullable(count),
  surprisal_bits: nullable(number),
  entropy_bits: nullable(number),
});

const tree: Shape<SavedTree> = record<SavedTree>({
  branches: list(record({ id: count, name: text, tip: count })),
  current: nullable(count),
});

const wholeSettings = record<Omit<SavedSettings, "ids" | "aside">>({
  params,
  preset: oneOf(...PRESET_NAMES),
  topK: numberWithin(1, 50),
  constraint,
});

const settings: Shape<SavedSettings> = (value, at) => {
  return { ...wholeSettings(value, at), ...readIds(anyRecord(value, at)) };
};

export const savedHead: Shape<SavedHead> = record<SavedHead>({
  format: oneOf(FORMAT),
  version: ((value, at) => {
    if (value === VERSION) return VERSION;
    throw new TypeError(`${at} is ${JSON.stringify(value)}; this page reads version ${VERSION}.`);
  }) as Shape<typeof VERSION>,
  savedAt: text,
  model: nullable(text),
  draft: record<Draft>({
    mode: oneOf("text", "chat"),
    text,
    chat: record({ messages: list(message), open: flag }),
  }),
  settings,
  look: nullable(count),
  promptLook: optional(nullable(count), null),
  nextId: count,
  tree,
  past: optional(list(tree), []),
  future: optional(list(tree), []),
  params: list(params),
  scores: optional(list(record({ root: count, tokens: list(score) })), []),
});

export const savedRoot: Shape<SavedRoot> = record<SavedRoot>({
  id: count,
  source,
  read: nullable(acceptOldName(
    "pills",
    "tokens",
    record<PromptRead>({
      modelId: text,
      tokenizerKey: optional(nullable(text), null),
      tokens: list(token),
      templateText: nullable(text),
      warnings: list(text),
    }),
  )),
});

export const savedStep: Shape<SavedStep> = acceptOldName(
  "pill",
  "token",
  record<SavedStep>({
    id: count,
    parent: count,
    params: count,
    token,
    modelKey: optional(nullable(text), null),
    origin: oneOf("drawn", "chosen", "greedy", "forced"),
    p: numberWithin(0, 1),
    pRaw: nullable(numberWithin(0, 1)),
    rank: nullable(count),
    entropyBits: number,
    draw: nullable(record<Draw>({ seed: nullable(number), position: count, u: numberWithin(0, 1) })),
    dist: nullable(dist),
    mu: nullable(number),
    end: flag,
    confirmed: flag,
  }),
);
