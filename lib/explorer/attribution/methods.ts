// The ways to explain a token, as the page names and describes them, and the user's choice among them.
import type { AttributionMethod, OcclusionKind, SegmentUnit } from "../../wire/attribution.ts";

/** A method that the page offers; the comparison has a button of its own. */
export type PageMethod = Exclude<AttributionMethod, "comparison">;

export interface MethodRow {
  readonly value: PageMethod;
  readonly label: string;
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
    quick: false,
  },
  {
    ...TOKENS,
    value: "occlusion",
    label: "Occlusion",
    quick: false,
  },
  {
    ...TOKENS,
    value: "attention",
    label: "Attention",
    takesRival: false,
  },
  {
    ...TOKENS,
    value: "attention_rollout",
    label: "Attention rollout",
    takesSpan: false,
    takesRival: false,
  },
  {
    ...TOKENS,
    value: "saliency",
    label: "Saliency",
  },
  {
    ...TOKENS,
    value: "input_x_gradient",
    label: "Input × gradient",
  },
  {
    ...TOKENS,
    value: "integrated_gradients",
    label: "Integrated gradients",
    quick: false,
  },
  {
    ...TOKENS,
    value: "direct_logit",
    label: "Direct logit attribution",
    scoresTokens: false,
    takesSpan: false,
  },
  {
    ...TOKENS,
    value: "logit_lens",
    label: "Logit lens",
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
  /** Where the way of integrated gradients begins: zeros, the unknown token, or the token with this id. */
  readonly baseline: "zero" | "unk" | number;
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

export const OCCLUSION_KINDS: readonly OcclusionKind[] = ["delete_token", "zero_embedding", "zero_value"];

export const SEGMENT_UNITS: readonly SegmentUnit[] = ["token", "word", "sentence", "message"];

export const STEPS: readonly (number | "converging")[] = ["converging", 10, 20, 50, 100, 200];

/** Texts up to here are occluded in about a second. */
export const OCCLUSION_TOKENS = 40;

/** True where resting the pointer on a token may ask for it. */
export function isQuick({ method }: Choice, length: number): boolean {
  return method === "occlusion" ? length <= OCCLUSION_TOKENS : methodRow(method).quick;
}
