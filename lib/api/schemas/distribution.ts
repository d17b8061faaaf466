// A distribution as it is answered.
import { z } from "zod";
import { CONSTRAINT_TYPES } from "../../sampling/constraint_kinds.ts";
import { ORDERED_STAGES } from "../../sampling/params.ts";
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import { constraintState } from "./constraint.ts";
import { bits, count, probability, token } from "./token.ts";

const stageName = z.enum([...ORDERED_STAGES, "greedy", "listed"]);

export const distToken = token.extend({
  p_base: probability.describe("After penalties and temperature, before anything is removed."),
  p_final: probability.describe("After all stages."),
  p_raw: probability.describe("Softmax of the logits as the model gave them."),
  kept: z.boolean(),
  valid: z.boolean().describe("The constraint allows it."),
  rank: count.describe("Place in the order of p_base."),
  logit: z.number().nullable().describe(
    "null is minus infinity. Behind another engine the log-probability that it gives.",
  ),
  removed_by: stageName.nullable(),
  stages: z.array(probability.nullable()).describe("With stages: p after each active stage; null: removed."),
  restore: z.object({ param: z.string(), value: z.union([z.number(), z.boolean()]) }).nullable()
    .describe("With stages: the smallest change of one setting that brings a removed token back."),
}) satisfies z.ZodType<DistToken>;

export const distribution = z.object({
  top_k: count,
  tokens: z.array(distToken),
  kept_top: z.array(token.extend({ p_final: probability }))
    .describe("The best kept tokens, where none of tokens is kept."),
  other_p_base: probability,
  other_p_final: probability,
  other_p_raw: probability,
  kept_token_count: count,
  constraint_active: z.boolean(),
  constraint_type: z.enum(CONSTRAINT_TYPES).nullable(),
  entropy_bits: bits.nullable()
    .describe("Of the model's own distribution; null: an engine lists some of the tokens only."),
  entropy_final_bits: bits,
  effective_choices: z.number().min(1).describe("2 to the power of entropy_final_bits."),
  mass_90_count: count,
  eos_p: probability,
  stages: z.array(z.object({
    name: stageName,
    kept: count,
    removed: count,
    removed_mass: probability,
    entropy_bits: bits,
  })).describe("The active stages, in order."),
  masked_mass: probability,
  constraint: constraintState.exactOptional().describe("Where a constraint is active."),
  unlisted: z.object({ count, p_raw: probability, most_p_raw: probability, most_other_p_raw: probability })
    .exactOptional().describe(
      "Where an engine lists some of the tokens only: how many it leaves out, what they hold together (exact), and " +
        "what no single one of them exceeds, nor any other token that is not among tokens. They are removed by the stage listed before the draw.",
    ),
  stages_off: z.array(z.object({ name: stageName, reason: z.string() })).exactOptional()
    .describe("Stages that are set and cannot act behind an engine, with the reason."),
}) satisfies z.ZodType<DistResult>;
