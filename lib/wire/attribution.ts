// POST /api/attribution: which input token made this output, or which part of the model. Types only.
import type {
  AttributionMethod,
  OcclusionKind,
  Quantity,
  SegmentUnit,
  TokenMethod,
} from "./attribution_methods.ts";
import type { ContextInput } from "./preview.ts";
import type { ForModel, ModelIdentity, Token } from "./token.ts";

/** A part of the model that writes towards a logit. */
export interface PartName {
  readonly kind: "embedding" | "head" | "attention_bias" | "mlp";
  readonly layer: number | null; // null for the embedding
  readonly head: number | null; // null for all but heads
}

/** POST /api/attribution after validation, every default filled in. The context is the prompt (as in PreviewInput) and
 * the completion before the target. */
export interface AttributionInput extends ForModel, ContextInput {
  readonly method: AttributionMethod;
  /** The completion token that is explained, where neither a span nor a token id is given. */
  readonly target_index: number;
  /** Explain this token in the place of completion token `target_index`: any candidate. */
  readonly target_token_id: number | null;
  /** Explain these completion tokens together, [from, to): the sum of their log-probabilities. */
  readonly target_span: readonly [number, number] | null;
  /** Explain logit(target) - logit(this): why the one and not the other. */
  readonly contrast_token_id: number | null;
  /** null: the probability for gradients (a span: log-probability), the log-probability for occlusion. */
  readonly quantity: Quantity | null;
  /** Gradients: the signed dot product instead of the length of the vector. */
  readonly signed: boolean;
  /** Scores divided by the sum of their sizes. null: as the published app, for what is not signed. */
  readonly normalize: boolean | null;
  /** Of integrated gradients; "converging": as many as it takes until the sum is right within 5 %. */
  readonly steps: number | "converging";
  /** Of integrated gradients. "unk": the unknown token's embedding at every place, end-of-text tokens kept; "zero":
   * zeros; a number: this token at every place. */
  readonly baseline: "unk" | "zero" | number;
  readonly occlusion: OcclusionKind;
  /** Attention of this layer (-1: the last one) and head alone. */
  readonly layer: number | null;
  readonly head: number | null;
  /** Attention: all rows besides, [layer][head][token]. */
  readonly heads: boolean;
  /** Direct logit: parts to remove, and see what really happens. At the last position, or `everywhere`. */
  readonly remove: readonly PartName[];
  readonly everywhere: boolean;
  /** Logit lens: tokens to follow besides the target and the contrast. */
  readonly follow: readonly number[];
  readonly segments: SegmentUnit;
  /** Measure the scores on this text: deletion and insertion against random orders. */
  readonly faithfulness: boolean;
  /** Say what it would cost instead of doing it. */
  readonly estimate: boolean;
  /** Answer as server-sent events. */
  readonly stream: boolean;
}

/** What an attribution will cost, from what was measured here before (at first from this model's size). */
export interface AttributionEstimate {
  /** Milliseconds, the opening included. */
  readonly ms: number;
  /** Milliseconds of it until the model is open for attribution; 0 where it is. */
  readonly opening_ms: number;
  /** Bytes of memory that it needs for a while. */
  readonly bytes: number;
  /** Bytes that are free; null where that is unknown. */
  readonly free_bytes: number | null;
  /** True where the answer is known already. */
  readonly cached: boolean;
}

/** The event `progress` of a streamed answer. */
export interface AttributionProgress {
  readonly done: number;
  readonly total: number;
  readonly phase: "opening" | "computing" | "measuring";
  /** Milliseconds that are left, as estimated. */
  readonly left_ms: number;
}

/** One segment of the context: tokens [from, to). */
export interface SegmentScore {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly score: number;
}

/** How far a method's scores can be trusted on this text; see lib/attribution/faithfulness. In nats. */
export interface Faithfulness {
  readonly score: number; // area between the curves; 0 is chance
  readonly deletion: number;
  readonly insertion: number;
  readonly chance: number; // standard deviation of a random order's score
  readonly verdict: "faithful" | "unclear" | "misleading";
  readonly explanation: string;
  readonly curves: {
    readonly counts: readonly number[]; // removed tokens
    readonly base: number; // log-probability of the target, nothing removed
    readonly most_first: readonly number[];
    readonly least_first: readonly number[];
    readonly random: readonly (readonly number[])[];
  };
}

/** One way to score tokens, as the comparison names it. */
export interface ComparedMethod extends Faithfulness {
  readonly method: TokenMethod;
  readonly label: string; // "occlusion, deleted token"
  /** The request's fields that give these scores. */
  readonly options: Partial<Pick<AttributionInput, "occlusion" | "layer" | "signed" | "steps">>;
  readonly attributions: readonly number[];
  readonly ms: number;
}

export interface MethodComparison {
  readonly methods: readonly ComparedMethod[]; // best first
  /** Rank correlation between the methods, in their order; null where one has no order. */
  readonly agreement: readonly (readonly (number | null)[])[];
  /** What could not be computed, and why. */
  readonly left_out: readonly { readonly label: string; readonly reason: string }[];
}

export interface PartValue extends PartName {
  readonly value: number;
}

/** A token and what the model says of it. */
export interface WeighedToken {
  readonly logit: number;
  readonly prob: number;
}

/** What removing parts does to the next token. Sorted by the probability before. */
export interface RemovalResult {
  readonly removed: readonly PartName[];
  readonly tokens: readonly (Token & {
    readonly before: WeighedToken;
    readonly predicted: WeighedToken; // what the split says
    readonly after: WeighedToken; // what happens
  })[];
}

/** A token as the model would have it after one layer. */
export type LensToken = Token & WeighedToken & { readonly rank: number };

export interface LensLayer {
  readonly layer: number; // 0: before the first layer
  readonly top: readonly LensToken[];
  readonly tokens: readonly LensToken[]; // target, contrast, followed ones
}

/** The answer for `off`, as the published app gives it. */
export interface AttributionOff {
  readonly ok: true;
  readonly attributions: readonly [];
  readonly source_len: 0;
}

/** The answer where an estimate was asked for. */
export interface AttributionEstimated {
  readonly ok: true;
  readonly attributions: readonly [];
  readonly source_len: 0;
  readonly estimate: AttributionEstimate;
}

export interface AttributionResult extends ModelIdentity {
  readonly ok: true;
  /** One score per context token id; empty for what scores no tokens (direct_logit, logit_lens, comparison). */
  readonly attributions: readonly number[];
  readonly source_len: number; // of `attributions`
  readonly context_len: number; // tokens
  readonly target_id: number; // the first of a span
  readonly model_id: string;
  readonly method: AttributionMethod;
  readonly tokens: readonly Token[]; // of the context
  readonly target: Token; // the first of a span
  readonly contrast: Token | null;
  /** Of a span: scores of the span's own tokens but the last, where the method has them. */
  readonly span_attributions: readonly number[];
  readonly signed: boolean;
  readonly normalized: boolean;
  /** The attributions times this are the scores before they were normalised. */
  readonly scale: number;
  readonly quantity: Quantity | null;
  /** Value of the quantity on the text; null where the method does not compute it. */
  readonly value: number | null;
  readonly segments: readonly SegmentScore[]; // empty for tokens
  readonly heads: readonly (readonly (readonly number[])[])[] | null; // [layer][head][token]
  readonly parts: readonly PartValue[] | null;
  readonly constant: number | null;
  readonly total: number | null;
  /** What the parts do not explain; 0 but for rounding, unless the model rounds its activations. */
  readonly unexplained: number | null;
  readonly removal: RemovalResult | null;
  readonly lens: readonly LensLayer[] | null;
  readonly faithfulness: Faithfulness | null;
  readonly comparison: MethodComparison | null;
  /** Integrated gradients: sum of the signed scores minus (F(text) - F(baseline)); 0 would be exact. */
  readonly completeness_delta: number | null;
  /** The same as a share of |F(text) - F(baseline)|; null for a difference of 0. */
  readonly completeness_error: number | null;
  /** Whether that share is at most 5 %; null where there is none. */
  readonly trusted: boolean | null;
  /** Gradients that were computed. */
  readonly evaluations: number | null;
  readonly warnings: readonly string[];
  readonly cached: boolean;
  readonly timing_ms: number;
}

/** What POST /api/attribution answers. */
export type AttributionAnswer = AttributionOff | AttributionEstimated | AttributionResult;
