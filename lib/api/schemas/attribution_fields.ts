// Fields of POST /api/attribution that only some methods read: another method refuses them by name. What the published
// app sends with every method (steps, baseline), and how tokens are occluded, stand outside: a method without use for
// them ignores them.
import type { AttributionInput } from "../../wire/attribution.ts";
import {
  type AttributionMethod,
  NO_MESSAGES,
  OWN_FIELDS,
  type OwnField,
  readsField,
} from "../../wire/attribution_methods.ts";
import type { z } from "zod";
import type { Json } from "./operation.ts";
import { allowValue, requireAbsent, requireValue } from "./rules.ts";

interface Refusal {
  /** The value that asks for nothing. */
  readonly neutral: null | false | "an empty list";
  readonly sentence: (method: AttributionMethod) => string;
}

const chosenAttention = (field: "layer" | "head"): Refusal => ({
  neutral: null,
  sentence: (method) => `${field} chooses an attention; ${method} has no use for it.`,
});

/** What is said where a method does not read the field. */
const REFUSALS: Readonly<Record<OwnField, Refusal>> = {
  layer: chosenAttention("layer"),
  head: chosenAttention("head"),
  heads: {
    neutral: false,
    sentence: (method) => `heads are rows of attention; ${method} has none.`,
  },
  remove: {
    neutral: "an empty list",
    sentence: () => "Parts are removed with method direct_logit.",
  },
  everywhere: {
    neutral: false,
    sentence: () => "everywhere is about removed parts; send it with method direct_logit.",
  },
  follow: {
    neutral: "an empty list",
    sentence: () => "Tokens are followed through the layers with method logit_lens.",
  },
  signed: {
    neutral: false,
    sentence: (method) => `${method} gives no scores with a sign; use input_x_gradient.`,
  },
  contrast_token_id: {
    neutral: null,
    sentence: (method) => `${method} is the same for every token and knows no contrast; use a gradient.`,
  },
  quantity: {
    neutral: null,
    sentence: (method) => `${method} explains no quantity; leave it out.`,
  },
  faithfulness: {
    neutral: false,
    sentence: (method) => `${method} scores no tokens, so there is no faithfulness to measure.`,
  },
};

/** Adds an issue for each field that the request's method does not read, and for those that contradict one another. */
export function checkOwnFields(input: AttributionInput, context: z.RefinementCtx): void {
  const { method } = input;
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: "custom", message, path: [field] });
  if (method === "off") return;
  for (const field of listUnreadFields(method)) {
    const { neutral, sentence } = REFUSALS[field];
    if (!isNeutral(input[field], neutral)) refuse(field, sentence(method));
  }
  if (input.segments === "message" && (input.prompt_ids !== null || input.use_chat_template === false)) {
    refuse("segments", NO_MESSAGES);
  }
  if (input.head !== null && input.layer === null) {
    refuse("head", "A head belongs to a layer: give the layer too.");
  }
  if (input.quantity === "prob" && input.contrast_token_id !== null) {
    refuse("quantity", "A contrast is a difference of logits; leave the quantity out.");
  }
  if (method === "direct_logit" && !["logit", null].includes(input.quantity)) {
    refuse("quantity", "direct_logit splits a logit; leave the quantity out.");
  }
}

function listUnreadFields(method: AttributionMethod): readonly OwnField[] {
  return OWN_FIELDS.filter((field) => !readsField(method, field));
}

function isNeutral(value: unknown, neutral: Refusal["neutral"]): boolean {
  return Array.isArray(value) ? value.length === 0 : value === neutral;
}

/** What checkOwnFields refuses of requests with one of `methods`, in JSON Schema: a case for those that leave the same
 * fields out. */
export function ownFieldRules(methods: readonly AttributionMethod[]): Json {
  const cases = Map.groupBy(methods, (method) => listUnreadFields(method).join());
  return {
    anyOf: [...cases.values()].flatMap((alike) =>
      contradictionRules(alike[0]!).map((rules) => ({
        allOf: [
          requireValue("method", { enum: alike }),
          ...listUnreadFields(alike[0]!).map(ruleOf),
          ...rules,
        ],
      }))
    ),
  };
}

function ruleOf(field: OwnField): Json {
  const { neutral } = REFUSALS[field];
  if (neutral === null) return requireAbsent(field);
  return allowValue(field, neutral === false ? { const: false } : { maxItems: 0 });
}

/** Of fields that a method reads and that contradict one another: the cases that are left. */
function contradictionRules(method: AttributionMethod): readonly (readonly Json[])[] {
  if (readsField(method, "head")) {
    return [[requireAbsent("head")], [requireValue("layer", { type: "integer" })]];
  }
  if (method === "direct_logit") return [[allowValue("quantity", { enum: ["logit", null] })]];
  if (!readsField(method, "quantity")) return [[]];
  return [[requireAbsent("contrast_token_id")], [
    allowValue("quantity", { enum: ["logprob", "logit", null] }),
  ]];
}
