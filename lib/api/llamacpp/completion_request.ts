// What POST /completion takes, as llama.cpp's server does.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { withBreakers } from "../completions/breakers.ts";
import type { ChoiceInput } from "../completions/choice.ts";
import { completionFields, MOST_CHOICES, paramsOf } from "../completions/fields.ts";
import { toOwnWords } from "../completions/other_names.ts";
import { apiFault } from "../http/errors.ts";
import { parseRequest } from "../http/parse.ts";
import { listOf } from "../schemas/list.ts";
import { paramFields } from "../schemas/params.ts";
import type { Json } from "../schemas/operation.ts";
import { allowValue, CONTEXT_TEXT } from "../schemas/rules.ts";
import { plainListOf, readTokenId, text, TOKEN_ID, tokenId } from "../schemas/values.ts";
import {
  DEFAULT_BREAKERS,
  LLAMA_DEFAULTS,
  MOST_BIAS_TEXTS,
  MOST_BIASES,
  readBias,
  SAMPLER_LETTERS,
  SAMPLER_NAMES,
  stagesOf,
  withMirostat,
} from "./settings.ts";

const someText = text.meta(CONTEXT_TEXT);
const { $schema: _, ...partJson } = z.toJSONSchema(z.union([someText, tokenId]), { io: "input" });
const parts = plainListOf((one) => typeof one === "string" ? one.toWellFormed() : readTokenId(one))
  .meta({ type: "array", items: partJson });
const wrapped = z.strictObject({
  prompt_string: someText,
  multimodal_data: z.array(z.never()).max(0).optional(),
})
  .transform(({ prompt_string }) => prompt_string).describe("A text in an object; other media are not read.");
const onePrompt = z.union([someText, parts.meta({ minItems: 1 }), wrapped]);
const MOST_RESPONSE_FIELDS = 256;
/** Texts among the ids of prompts: each is a job of the worker. */
const MOST_TEXTS = 4096;
/** What is said to more prompts than choices may be drawn at once. */
const FEWER_PROMPTS = `Send at most ${MOST_CHOICES} prompts at once.`;
const prompts = { max: MOST_CHOICES, sentence: FEWER_PROMPTS };

/** What choiceLimitOf says, in JSON Schema. A list that has an id is one prompt. As many cases as there are numbers
 * from 1 to MOST_CHOICES that divide it otherwise are more than generators of requests unfold. */
const COMPLETIONS_RULE: Json = {
  anyOf: [
    allowValue("prompt", { contains: { type: "integer" } }),
    ...listPowersOfTwo(MOST_CHOICES).map((maxItems) => ({
      allOf: [allowValue("n", { maximum: MOST_CHOICES / maxItems }), allowValue("prompt", { maxItems })],
    })),
  ],
};

const sampler = text.meta({ enum: SAMPLER_NAMES });
const letters = text.meta({ pattern: SAMPLER_LETTERS.source });

/** What readBias takes; read there, because a text has to be made tokens. */
const amount = { anyOf: [{ type: "number" }, { const: false }] };
const biasForm = z.unknown().meta({
  anyOf: [
    {
      type: "array",
      items: {
        type: "array",
        prefixItems: [{ anyOf: [{ type: "integer", minimum: 0, ...TOKEN_ID }, { type: "string" }] }, amount],
        minItems: 2,
        maxItems: 2,
      },
      maxItems: MOST_BIASES,
    },
    { type: "object", additionalProperties: amount, maxProperties: MOST_BIASES },
  ],
  description:
    "Pairs of a token id, or a text that counts for each of its tokens, and what is added; false: never. " +
    `At most ${MOST_BIAS_TEXTS} different texts.`,
});

export const llamaRequest = z.strictObject({
  ...completionFields,
  ...paramFields(LLAMA_DEFAULTS),
  dry_sequence_breakers: completionFields.dry_sequence_breakers.unwrap().default([...DEFAULT_BREAKERS]),
  logit_bias: biasForm.default(null),
  prompt: z.union([onePrompt, listOf(onePrompt, prompts).meta({ minItems: 1 })])
    .describe(
      `Text, token ids, both mixed, or a list of several such prompts; at most ${MOST_TEXTS} texts among ids.`,
    ),
  n_predict: z.int().min(-1).max(1_000_000).default(-1).describe(
    "-1: until the text or the context ends. 0: one, as llama.cpp's server does.",
  ),
  n_probs: z.int().min(0).default(0).describe("Most probable tokens listed a token, up to the vocabulary."),
  post_sampling_probs: z.boolean().default(false).describe("Probabilities after all samplers, as prob."),
  samplers: z.union([listOf(sampler, { max: 64, sentence: "Send at most 64 samplers." }), letters]).optional()
    .describe("Those that act, in order; or their letters."),
  return_tokens: z.boolean().default(false),
  timings_per_token: z.boolean().default(false).describe("Every event has timings."),
  return_progress: z.boolean().default(false).describe(
    "The first event of a stream has prompt_progress: how much of the prompt was known.",
  ),
  response_fields: listOf(text, {
    max: MOST_RESPONSE_FIELDS,
    sentence: `Send at most ${MOST_RESPONSE_FIELDS} response_fields.`,
  })
    .prefault([]).describe(
      "The answer holds these fields alone, where it has them; generation_settings/top_k is one below another.",
    ),
}).meta({ allOf: [COMPLETIONS_RULE] });
export type LlamaRequest = z.output<typeof llamaRequest>;
const OWN_FIELDS = new Set(Object.keys(llamaRequest.shape));

/** A request's body in our words; a bias is left as it is. Throws invalid_request. */
export function translateLlama(body: unknown) {
  if (!isRecord(body)) return toOwnWords(body, OWN_FIELDS);
  checkSchemaAlone(body);
  const lengths = ["n_predict", "max_completion_tokens", "max_tokens"]; // the order there
  const length = lengths.find((name) => (body[name] ?? null) !== null) ?? "n_predict";
  const plain = Object.entries(body).filter(([name]) => name !== "logit_bias" && !lengths.includes(name));
  const fields = Object.fromEntries([...plain, ["n_predict", body[length] ?? null]]);
  const { words, names } = toOwnWords(fields, OWN_FIELDS);
  return { words, names: new Map([...names, ["n_predict", length], ["prompt_ids", "prompt"]]) };
}

/** There a grammar wins over a schema, an empty one too, and nothing holds the text; here nobody is to find that out by
 * the answer. Throws invalid_request. */
function checkSchemaAlone({ grammar, json_schema: schema }: Readonly<Record<string, unknown>>): void {
  const asks = schema !== undefined && schema !== null &&
    !(isRecord(schema) && Object.keys(schema).length === 0);
  if (grammar !== "" || !asks) return;
  const message =
    "json_schema stands beside an empty grammar, which llama.cpp's server takes in its place. " +
    "Leave grammar out.";
  throw apiFault("invalid_request", message, "json_schema");
}

/** The request that `words` make, with what `body` says in llama.cpp's own forms. Throws invalid_request. */
export async function readLlamaRequest(
  words: unknown,
  body: unknown,
  engine: Pick<Engine, "submit" | "status">,
  options: SubmitOptions,
): Promise<LlamaRequest & Pick<ChoiceInput, "breaker_texts">> {
  const { logit_bias: bias = null, mirostat } = isRecord(body) ? body : {};
  const request = withBreakers(parseRequest(llamaRequest, words));
  const logit_bias = bias === null ? {} : await readBias(bias, engine, options);
  const params = withMirostat(paramsOf(request), mirostat);
  const stages = request.samplers === undefined ? params.stages : stagesOf(request.samplers);
  return { ...request, ...params, logit_bias, stages };
}

/** Throws invalid_request for more prompts, or more texts among their ids, than are read. */
export function checkPrompts(all: readonly LlamaRequest["prompt"][]): void {
  if (all.length > MOST_CHOICES) throw apiFault("invalid_request", FEWER_PROMPTS, "prompt");
  const texts = all.reduce((sum, one) => sum + (typeof one === "string" ? 0 : measurePrompt(one).texts), 0);
  if (texts <= MOST_TEXTS) return;
  const message = `Of prompts that are lists at most ${MOST_TEXTS} parts may be texts, but ${texts} are.`;
  throw apiFault("invalid_request", message, "prompt");
}

/** How long a prompt is, in UTF-16 units and ids, and how many of its parts are texts. */
export function measurePrompt(
  prompt: LlamaRequest["prompt"],
): { readonly length: number; readonly texts: number } {
  if (typeof prompt === "string") return { length: prompt.length, texts: 1 };
  const parts = prompt as readonly (string | number)[];
  let { length } = parts;
  let texts = 0;
  for (const part of parts) {
    if (typeof part === "number") continue;
    texts++;
    length += part.length - 1;
  }
  return { length, texts };
}

/** The largest n of so many prompts: MOST_CHOICES completions at once, where prompts count as the next power of two. */
export function choiceLimitOf(prompts: number): number {
  const counted = listPowersOfTwo(MOST_CHOICES).find((power) => power >= prompts);
  return counted === undefined ? 0 : MOST_CHOICES / counted;
}

/** 1, 2, 4 … up to `most`. */
function listPowersOfTwo(most: number): readonly number[] {
  return Array.from({ length: Math.log2(most) + 1 }, (_, exponent) => 2 ** exponent);
}
