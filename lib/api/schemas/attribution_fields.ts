// Fields of POST /api/attribution that only some methods read: another method refuses them by name. What the published
// app sends with every method (steps, baseline), and how tokens are occluded, stand outside: a method without use for
// them ignores them. The document says it in words: as rules in JSON Schema they make it three times as long to be held
// against (measured with schemathesis).
import type { AttributionInput } from "../../wire/attribution.ts";
import type { z } from "zod";

type Method = AttributionInput["method"];

const GRADIENTS = ["saliency", "input_x_gradient", "integrated_gradients"] as const;
const ATTENTIONS = ["attention", "attention_rollout"] as const;

interface OwnField {
  readonly field: keyof AttributionInput;
  /** Whether the value asks for nothing. */
  readonly isNeutral: (value: unknown) => boolean;
  readonly methods: readonly Method[];
  readonly sentence: (method: Method) => string;
}

const isNull = (value: unknown) => value === null;
const isFalse = (value: unknown) => value === false;
const isEmpty = (value: unknown) => (value as readonly unknown[]).length === 0;

const chosenAttention = (field: "layer" | "head"): OwnField => ({
  field,
  isNeutral: isNull,
  methods: ["attention"],
  sentence: (method) => `${field} chooses an attention; ${method} has no use for it.`,
});

const OWN_FIELDS: readonly OwnField[] = [
  chosenAttention("layer"),
  chosenAttention("head"),
  {
    field: "heads",
    isNeutral: isFalse,
    methods: ["attention"],
    sentence: (method) => `heads are rows of attention; ${method} has none.`,
  },
  {
    field: "remove",
    isNeutral: isEmpty,
    methods: ["direct_logit"],
    sentence: () => "Parts are removed with method direct_logit.",
  },
  {
    field: "everywhere",
    isNeutral: isFalse,
    methods: ["direct_logit"],
    sentence: () => "everywhere is about removed parts; send it with method direct_logit.",
  },
  {
    field: "follow",
    isNeutral: isEmpty,
    methods: ["logit_lens"],
    sentence: () => "Tokens are followed through the layers with method logit_lens.",
  },
  {
    field: "signed",
    isNeutral: isFalse,
    methods: ["input_x_gradient", "integrated_gradients", "occlusion", "direct_logit", "comparison"],
    sentence: (method) => `${method} gives no scores with a sign; use input_x_gradient.`,
  },
  {
    field: "contrast_token_id",
    isNeutral: isNull,
    methods: [...GRADIENTS, "occlusion", "direct_logit", "logit_lens", "comparison"],
    sentence: (method) => `${method} is the same for every token and knows no contrast; use a gradient.`,
  },
  {
    field: "quantity",
    isNeutral: isNull,
    methods: [...GRADIENTS, "occlusion", "direct_logit", "comparison"],
    sentence: (method) => `${method} explains no quantity; leave it out.`,
  },
  {
    field: "faithfulness",
    isNeutral: isFalse,
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
  for (const { field, isNeutral, methods, sentence } of OWN_FIELDS) {
    if (!methods.includes(method) && !isNeutral(input[field])) refuse(field, sentence(method));
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
