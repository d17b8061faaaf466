// What is to be explained, and what was found: plain data, so that it can go to another thread and into a cache.
import type {
  AttributionInput,
  Faithfulness,
  MethodComparison,
  PartName,
  PartValue,
  WeighedToken,
} from "../../wire/attribution.ts";
import type { AttributionMethod } from "../../wire/attribution_methods.ts";
import type { LensLayer } from "../methods/logit_lens.ts";
import type { Baseline } from "../gradient/session.ts";
import type { Target } from "../types.ts";

/** The methods that compute something. */
export type Explaining = Exclude<AttributionMethod, "off">;

/** What a request says as it is, and the rest as ids. */
export interface AttributionTask
  extends
    Pick<AttributionInput, "signed" | "steps" | "occlusion" | "layer" | "head" | "heads">,
    Pick<AttributionInput, "remove" | "everywhere" | "follow" | "faithfulness"> {
  readonly context: readonly number[];
  readonly target: Target;
  readonly method: Explaining;
  readonly normalize: boolean;
  readonly baseline: Baseline;
}

/** A token before parts are removed, as the split predicts it, and after. */
export interface RemovedToken {
  readonly id: number;
  readonly before: WeighedToken;
  readonly predicted: WeighedToken;
  readonly after: WeighedToken;
}

/** A picture whose sum is further off than this share of F(x) - F(baseline) is not to be trusted. */
export const TRUSTED_ERROR = 0.05;

/** Integrated gradients' own measure of error. */
export interface Completeness {
  readonly delta: number; // Σ signed scores - (F(x) - F(baseline))
  readonly error: number | null; // |delta| / |F(x) - F(baseline)|
  readonly evaluations: number; // gradients
}

/** What a method that scores tokens found. */
export interface TokenFindings {
  readonly scores: readonly number[]; // one per context token
  readonly span: readonly number[]; // of the span's tokens that the model reads
  readonly signed: boolean;
  readonly value: number | null; // F on the text
  readonly completeness: Completeness | null;
}

export interface Findings {
  readonly tokens: TokenFindings | null;
  readonly normalized: boolean;
  readonly scale: number; // what the scores were divided by
  readonly heads: readonly (readonly (readonly number[])[])[] | null;
  readonly split: {
    readonly parts: readonly PartValue[];
    readonly constant: number;
    readonly total: number;
    readonly unexplained: number;
  } | null;
  readonly removal:
    | { readonly removed: readonly PartName[]; readonly tokens: readonly RemovedToken[] }
    | null;
  readonly lens: readonly LensLayer[] | null;
  readonly faithfulness: Faithfulness | null;
  readonly comparison: MethodComparison | null;
  readonly warnings: readonly string[];
}
