// The settings of a request: ranges and defaults. What they do is in lib/sampling; its DEFAULT_PARAMS are the same.
import { z } from "zod";
import type { Params } from "../sampling/params.ts";
import { listOf } from "./schemas/list.ts";
import { text, tokenIds } from "./schemas/values.ts";

/** A number in a range; -0 is 0. */
const number = (min: number, max: number) => z.number().min(min).max(max).overwrite((value) => value + 0);
const share = number(0, 1);
/** A count of which 0 and -1 mean no limit. */
const countOrAll = z.int().min(-1).default(0);

export const STAGE_NAMES = [
  ...[
    "logit_bias",
    "repetition",
    "presence",
    "frequency",
    "dry",
    "temperature",
    "dynatemp",
    "constraint",
  ] as const,
  ...[
    "top_k",
    "top_p",
    "min_p",
    "typical_p",
    "epsilon",
    "eta",
    "top_n_sigma",
    "top_h",
    "xtc",
    "mirostat",
  ] as const,
];

const LARGEST_BIAS = 10_000;

/** Biases by token id. Own keys only: `__proto__` in a body is a key like any other, and no id. */
const logitBias = z.unknown()
  .superRefine((value, context) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return context.addIssue({ code: "invalid_type", expected: "object" });
    }
    for (const [id, bias] of Object.entries(value)) {
      const known = /^(0|[1-9]\d{0,9})$/.test(id);
      if (known && typeof bias === "number" && Math.abs(bias) <= LARGEST_BIAS) continue;
      const key = JSON.stringify(id.slice(0, 40));
      const message = known
        ? `logit_bias of token ${id} must be a number from -${LARGEST_BIAS} to ${LARGEST_BIAS}.`
        : `The keys of logit_bias must be token ids, but one is ${key}.`;
      return context.addIssue({ code: "custom", message, path: known ? [id] : [] });
    }
  })
  .transform((value) =>
    Object.fromEntries(Object.entries(value as Record<string, number>).map(([id, bias]) => [id, bias + 0]))
  )
  .meta({
    type: "object",
    additionalProperties: { type: "number", minimum: -LARGEST_BIAS, maximum: LARGEST_BIAS },
    description: "Added to the logits of tokens, by token id.",
  });

const stopSequences = listOf(text, { max: 64, sentence: "Send at most 64 stop sequences." })
  .transform((list) => list.filter((stop) => stop !== ""));

export const paramsSchema = z.object({
  greedy: z.boolean().default(false).describe("One-hot on the most probable token."),
  temperature: z.number().max(100).overwrite((value) => value + 0).default(0.7)
    .describe("Logits are divided by it; 0 or less is greedy."),
  top_p: share.default(0.8).describe("1 is off."),
  repetition_penalty: number(0.01, 100).default(1.05).describe("1 is off."),
  presence_penalty: number(-100, 100).default(0),
  frequency_penalty: number(-100, 100).default(0),
  seed: z.int().nullable().default(null).describe(
    "The draw depends on seed and position alone; null: random.",
  ),
  stop_sequences: stopSequences.prefault([]),
  logit_bias: logitBias.prefault({}),
  top_k: z.int().min(0).default(0).describe("0 is off."),
  top_p_rule: z.enum(["strict", "at_least"]).default("strict")
    .describe("strict drops the token that crosses top_p, at_least keeps it, as Transformers does."),
  min_p: share.default(0),
  typical_p: share.default(1).describe("1 is off."),
  epsilon_cutoff: share.default(0),
  eta_cutoff: share.default(0),
  top_n_sigma: number(-1, 1000).default(0).describe("0 or less is off."),
  top_h: share.default(0),
  xtc_probability: share.default(0),
  xtc_threshold: share.default(0.1).describe("Above 0.5 is off."),
  dry_multiplier: number(-100, 100).default(0),
  dry_base: number(0, 100).default(1.75),
  dry_allowed_length: z.int().min(0).default(2),
  dry_last_n: countOrAll,
  dry_breakers: tokenIds.prefault([]),
  dynatemp_range: number(0, 100).default(0),
  dynatemp_exponent: number(0, 100).default(1),
  mirostat_tau: number(0, 1000).default(0).describe("0 is off."),
  mirostat_eta: number(0, 1000).default(0.1),
  mirostat_mu: number(-1e6, 1e6).nullable().default(null).describe(
    "As the last step returned it; null: 2 tau.",
  ),
  penalty_scope: z.enum(["all", "completion"]).default("all"),
  penalty_last_n: countOrAll,
  stages: listOf(z.enum(STAGE_NAMES), { max: 32, sentence: "Name each stage once in stages." })
    .nullable().prefault(null).describe("Stages that run, in order; null: all, in the default order."),
}) satisfies z.ZodType<Params>;
