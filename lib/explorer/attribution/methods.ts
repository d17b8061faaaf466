// The ways to explain a token, as the page names and describes them, and the user's choice among them.
import type { AttributionMethod, OcclusionKind, SegmentUnit } from "../../wire/attribution.ts";

/** A method that the page offers; the comparison has a button of its own. */
export type PageMethod = Exclude<AttributionMethod, "comparison">;

export interface MethodRow {
  readonly value: PageMethod;
  readonly label: string;
  /** What its numbers are, in a sentence. */
  readonly meaning: string;
  /** It scores the tokens of the text; else the parts or layers of the model. */
  readonly scoresTokens: boolean;
  /** It is done in the time of a few forward passes: the pointer may ask for it. */
  readonly quick: boolean;
  readonly takesSpan: boolean;
  readonly takesRival: boolean;
}

const TOKENS = { scoresTokens: true, quick: true, takesSpan: true, takesRival: true } as const;

export const METHODS: readonly MethodRow[] = [
  {
    ...TOKENS,
    value: "off",
    label: "Off",
    meaning: "Nothing is computed.",
    quick: false,
  },
  {
    ...TOKENS,
    value: "occlusion",
    label: "Occlusion",
    meaning: "How much the log-probability falls when a token is taken away.",
    quick: false,
  },
  {
    ...TOKENS,
    value: "attention",
    label: "Attention",
    meaning: "How much the last position looks at each token.",
    takesRival: false,
  },
  {
    ...TOKENS,
    value: "attention_rollout",
    label: "Attention rollout",
    meaning: "Attention followed back through all layers.",
    takesSpan: false,
    takesRival: false,
  },
  {
    ...TOKENS,
    value: "saliency",
    label: "Saliency",
    meaning: "The length of the gradient at each token's embedding.",
  },
  {
    ...TOKENS,
    value: "input_x_gradient",
    label: "Input × gradient",
    meaning: "The embedding of each token times its gradient.",
  },
  {
    ...TOKENS,
    value: "integrated_gradients",
    label: "Integrated gradients",
    meaning: "Input × gradient, averaged on the way from a baseline to the text.",
    quick: false,
  },
  {
    ...TOKENS,
    value: "direct_logit",
    label: "Direct logit attribution",
    meaning: "What the embedding, every head and every MLP write towards the logit. The parts add up to it.",
    scoresTokens: false,
    takesSpan: false,
  },
  {
    ...TOKENS,
    value: "logit_lens",
    label: "Logit lens",
    meaning: "What the model would say after each layer.",
    scoresTokens: false,
    takesSpan: false,
  },
];

/** The row of a method. */
export function methodRow(method: PageMethod): MethodRow {
  return METHODS.find(({ value }) => value === method)!;
}

/** What is chosen besides the token. */
export interface Choice {
  readonly method: PageMethod;
  readonly occlusion: OcclusionKind;
  /** Attention of this layer; -1: the last one, null: the mean of all. */
  readonly layer: number | null;
  /** Of `layer`; null: the mean of its heads. */
  readonly head: number | null;
  /** Gradients: the signed product instead of the length. */
  readonly signed: boolean;
  readonly steps: number | "converging";
  /** Where the way of integrated gradients begins. */
  readonly baseline: "zero" | "unk";
  readonly segments: SegmentUnit;
}

export const FIRST_CHOICE: Choice = {
  method: "occlusion",
  occlusion: "delete_token",
  layer: -1,
  head: null,
  signed: false,
  steps: "converging",
  baseline: "zero",
  segments: "token",
};

export const OCCLUSIONS: readonly { readonly value: OcclusionKind; readonly label: string }[] = [
  { value: "delete_token", label: "Token deleted" },
  { value: "zero_embedding", label: "Embedding zero" },
  { value: "zero_value", label: "Value vectors zero" },
];

export const SEGMENTS: readonly { readonly value: SegmentUnit; readonly label: string }[] = [
  { value: "token", label: "Tokens" },
  { value: "word", label: "Words" },
  { value: "sentence", label: "Sentences" },
  { value: "message", label: "Messages" },
];

export const STEPS: readonly (number | "converging")[] = ["converging", 10, 20, 50, 100, 200];

/** Texts up to here are occluded in about a second. */
const OCCLUSION_TOKENS = 40;

/** The method that is suggested for a text of `length` tokens, and why. */
export function suggestion(length: number): { readonly change: Partial<Choice>; readonly text: string } {
  return length <= OCCLUSION_TOKENS
    ? {
      change: { method: "occlusion", occlusion: "delete_token" },
      text: `Suggested for ${length} tokens: occlusion. ${MEASURED}`,
    }
    : {
      change: { method: "attention", layer: -1, head: null },
      text: `Suggested for ${length} tokens: attention of the last layer, occlusion takes long. ${MEASURED}`,
    };
}

const MEASURED =
  "Measured on five texts of the bundled model, attention of the last layer and occlusion beat " +
  "random orders clearly, gradients hardly, rollout was worse than chance.";

/** True where resting the pointer on a token may ask for it. */
export function isQuick({ method }: Choice, length: number): boolean {
  return method === "occlusion" ? length <= OCCLUSION_TOKENS : methodRow(method).quick;
}
