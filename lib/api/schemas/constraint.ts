// A constraint as requests have it, and what answers say of one.
import { z } from "zod";
import {
  CONSTRAINT_KINDS,
  CONSTRAINT_TYPES,
  type ConstraintInput,
  DEFAULT_CONSTRAINT_SETTINGS,
  NO_CONSTRAINT,
  PROPERTY_ORDERS,
  WHITESPACE_POLICIES,
} from "../../sampling/constraint_kinds.ts";
import type {
  ConstraintExpectation,
  ConstraintNote,
  ConstraintPlace,
  ConstraintState,
} from "../../wire/constraint.ts";
import { bits, count, probability } from "./token.ts";
import { CONSTRAINT_RULES } from "./rules.ts";
import { text } from "./values.ts";

const settings = z.strictObject({
  whitespace: z.enum(WHITESPACE_POLICIES).default(DEFAULT_CONSTRAINT_SETTINGS.whitespace).describe(
    "In JSON: none; at most one space after each comma and colon; any between all parts.",
  ),
  property_order: z.enum(PROPERTY_ORDERS).default(DEFAULT_CONSTRAINT_SETTINGS.property_order).describe(
    "Whether the members of a JSON object follow the schema's properties or come in any order.",
  ),
});

/** What a constraint is written in, and how it is read. */
export const constraintFields = {
  type: z.enum(CONSTRAINT_TYPES).default(NO_CONSTRAINT.type).describe("What schema is written in."),
  schema: text.default(NO_CONSTRAINT.schema).describe(
    Object.entries(CONSTRAINT_KINDS).map(([type, { about }]) => `${type}: ${about}`).join(" "),
  ),
  settings: settings.optional().describe("How JSON is written where a schema leaves it open."),
};

export const constraintSchema = z.strictObject({
  enabled: z.boolean().default(NO_CONSTRAINT.enabled),
  ...constraintFields,
}).meta(CONSTRAINT_RULES) satisfies z.ZodType<ConstraintInput>;

export const constraintPlace = z.object({
  rule: z.string().describe("The rule, property or part, by name."),
  from: count.nullable().describe("In the constraint's text, in UTF-16 units."),
  to: count.nullable(),
  pointer: z.string().nullable().describe("JSON pointer into a schema."),
}) satisfies z.ZodType<ConstraintPlace>;

export const constraintExpectations = {
  expected: z.array(
    constraintPlace.extend({
      what: z.string().describe("A text in quotes, or the characters that can come first."),
      begun: z.boolean().describe("Some of this part's text is there already."),
    }) satisfies z.ZodType<ConstraintExpectation>,
  ),
  more_expected: count.describe("Expectations that are left out of a long list."),
};

export const constraintNotes = z.array(
  z.object({ message: z.string(), pointer: z.string().nullable() }) satisfies z.ZodType<ConstraintNote>,
).describe("What is not held because it is no condition, and the settings in use.");

export const constraintState = z.object({
  may_end: z.boolean().describe("The text so far is whole."),
  must_end: z.boolean().describe("Nothing but the end is possible."),
  allowed: count.describe("Tokens, those that end the text included."),
  masked_mass: probability.describe("What the mask took away of the probability that came to it."),
  kl_bits: bits.describe(
    "Divergence of the masked distribution from the one before: -log2(1 - masked_mass).",
  ),
  forced: z.object({
    text: z.string(),
    ids: z.array(count).describe("What force_text appends for this text."),
    ends: z.boolean().describe("The text is over behind it."),
  }).nullable().describe("What must come next because nothing else can."),
  only_unusual: z.boolean().describe("No allowed token continues the text as the tokenizer would write it."),
  ...constraintExpectations,
  notes: constraintNotes,
}) satisfies z.ZodType<ConstraintState>;
