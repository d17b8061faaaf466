// Fields of POST /api/attribution that only some methods read: another method refuses them by name. What the published
// app sends with every method (steps, baseline), and how tokens are occluded, stand outside: a method without use for
// them ignores them.
import type { AttributionInput } from "../../wire/attribution.ts";
import type { z } from "zod";
import type { Json } from "./operation.ts";
import { isAbsent, requireValue, unlessGiven } from "./rules.ts";

type Method = AttributionInput["method"];

const GRADIENTS = ["saliency", "input_x_gradient", "integrated_gradients"] as const;
const ATTENTIONS = ["attention", "attention_rollout"] as const;

interface OwnField {
  readonly field: keyof AttributionInput;
  /** The value that asks for nothing. */
  readonly neutral: null | false | "an empty list";
  readonly methods: readonly Method[];
  readonly sentence: (method: Method) => string;
}

const chosenAttention = (field: "layer" | "head"): OwnField => ({
  field,
  neutral: null,
  methods: ["attention"],
  sentence: (method) => `${field} chooses an attention; ${method} has no use for it.`,
});

const OWN_FIELDS: readonly OwnField[] = [
  chosenAttention("layer"),
  chosenAttention("head"),
  {
    field: "heads",
    neutral: false,
    methods: ["attention"],
    sentence: (method) => `heads are rows of attention; ${method} has none.`,
  },
  {
    field: "remove",
    neutral: "an empty list",
    methods: ["direct_logit"],
    sentence: () => "Parts are removed with method direct_logit.",
  },
  {
    field: "everywhere",
    neutral: false,
    methods: ["direct_logit"],
    sentence: () => "everywhere is about removed parts; send it with method direct_logit.",
  },
  {
    field: "follow",
    neutral: "an empty list",
    methods: ["logit_lens"],
    sentence: () => "Tokens are followed through the layers with method logit_lens.",
  },
  {
    field: "signed",
    neutral: false,
    methods: ["input_x_gradient", "integrated_gradients", "occlusion", "direct_logit", "comparison"],
    sentence: (method) => `${method} gives no scores with a sign; use input_x_gradient.`,
  },
  {
    field: "contrast_token_id",
    neutral: null,
    methods: [...GRADIENTS, "occlusion", "direct_logit", "logit_lens", "comparison"],
    sentence: (method) => `${method} is the same for every token and knows no contrast; use a gradient.`,
  },
  {
    field: "quantity",
    neutral: null,
    methods: [...GRADIENTS, "occlusion", "direct_logit", "comparison"],
    sentence: (method) => `${method} explains no quantity; leave it out.`,
  },
  {
    field: "faithfulness",
    neutral: false,
    methods: [...GRADIENTS, ...ATTENTIONS, "occlusion", "comparison"],
    sentence: (method) => `${method} scores no tokens, so there is no faithfulness to measure.`,
  },
];

/** Adds an issue for each field that the request's method does not read, and for those that contradict one another. */
export function checkOwnFields(input: AttributionInput, context: z.RefinementCtx): void {
  const { method } = input;
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: "custom", message, path: [field] });
  if (method === "off") return;
  for (const { field, neutral, methods, sentence } of OWN_FIELDS) {
    if (!methods.includes(method) && !isNeutral(input[field], neutral)) refuse(field, sentence(method));
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

function isNeutral(value: unknown, neutral: OwnField["neutral"]): boolean {
  return Array.isArray(value) ? value.length === 0 : value === neutral;
}

/** What checkOwnFields refuses of requests with one of `methods`, in JSON Schema: a case for those that leave the same
 * fields out. */
export function ownFieldRules(methods: readonly Method[]): Json {
  const unread = (method: Method) => OWN_FIELDS.filter((own) => !own.methods.includes(method));
  const cases = Map.groupBy(methods, (method) => unread(method).map(({ field }) => field).join());
  return {
    anyOf: [...cases.values()].flatMap((alike) =>
      contradictionRules(alike[0]!).map((rules) => ({
        allOf: [requireValue("method", { enum: alike }), ...unread(alike[0]!).map(ruleOf), ...rules],
      }))
    ),
  };
}

function ruleOf({ field, neutral }: OwnField): Json {
  if (neutral === null) return isAbsent(field);
  return unlessGiven(field, neutral === false ? { const: false } : { maxItems: 0 });
}

/** Of fields that a method reads and that contradict one another: the cases that are left. */
function contradictionRules(method: Method): readonly (readonly Json[])[] {
  const reads = (field: string) => OWN_FIELDS.find((own) => own.field === field)!.methods.includes(method);
  if (reads("head")) return [[isAbsent("head")], [requireValue("layer", { type: "integer" })]];
  if (method === "direct_logit") return [[unlessGiven("quantity", { enum: ["logit", null] })]];
  if (!reads("quantity")) return [[]];
  return [[isAbsent("contrast_token_id")], [unlessGiven("quantity", { enum: ["logprob", "logit", null] })]];
}
