// The user's choice among the ways to explain a token.
import {
  type AttributionMethod,
  METHOD_NAMES,
  methodRow,
  type OcclusionKind,
  type SegmentUnit,
} from "../../wire/attribution_methods.ts";

/** A method that the page offers; the comparison has a button of its own. */
export type PageMethod = Exclude<AttributionMethod, "comparison">;

export const PAGE_METHODS: readonly PageMethod[] = METHOD_NAMES.filter((name) => name !== "comparison");

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

export const STEPS: readonly (number | "converging")[] = ["converging", 10, 20, 50, 100, 200];

/** Texts up to here are occluded in about a second. */
export const OCCLUSION_TOKENS = 40;

/** True where resting the pointer on a token may ask for it. */
export function isQuick({ method }: Choice, length: number): boolean {
  return method === "occlusion" ? length <= OCCLUSION_TOKENS : methodRow(method).quick === true;
}
