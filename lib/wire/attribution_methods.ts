// The table of attribution methods: what each one is called, what it explains, and which fields of a request it reads.
// The wire's type, the request's schema and refusals, the defaults and the page's choice come from it. How a method
// computes and what that costs is in lib/attribution/explain/token_scores.ts.

/** Fields of a request that only some methods read; another method refuses them. */
export const OWN_FIELDS = [
  "layer",
  "head",
  "heads",
  "remove",
  "everywhere",
  "follow",
  "signed",
  "contrast_token_id",
  "quantity",
  "faithfulness",
] as const;
export type OwnField = typeof OWN_FIELDS[number];

interface Method {
  readonly label: string;
  /** What its numbers are, in a sentence. */
  readonly about: string;
  /** The tokens of the text, or parts and layers of the model; null: it is no method by itself. */
  readonly scores: "tokens" | "model" | null;
  readonly reads: readonly OwnField[];
  /** It explains one token, never a span. */
  readonly ofOneToken?: true;
  /** What is explained of one token, without a rival, where the request does not say. */
  readonly quantity: "prob" | "logprob" | "logit";
  /** Scores without a sign are divided by their sum where the request does not say, as the published app does. */
  readonly normalised?: true;
  /** It is done in the time of a few forward passes: the page may ask for it while the pointer moves. */
  readonly quick?: true;
  /** What is always said beside its scores. */
  readonly warning?: string;
}

/** Every method by its name in a request, in the page's order. */
const ATTRIBUTION_METHODS = {
  off: { label: "Off", about: "Nothing is computed.", scores: null, reads: [], quantity: "logprob" },
  occlusion: {
    label: "Occlusion",
    about: "How much the log-probability falls when a token is taken away.",
    scores: "tokens",
    reads: ["signed", "contrast_token_id", "quantity", "faithfulness"],
    quantity: "logprob",
  },
  attention: {
    label: "Attention",
    about: "How much the last position looks at each token.",
    scores: "tokens",
    reads: ["layer", "head", "heads", "faithfulness"],
    quantity: "logprob",
    normalised: true,
    quick: true,
  },
  attention_rollout: {
    label: "Attention rollout",
    about: "Attention followed back through all layers.",
    scores: "tokens",
    reads: ["faithfulness"],
    ofOneToken: true,
    quantity: "logprob",
    quick: true,
    warning:
      "Rollout follows attention to where it is parked: most heads rest on the first token when they have " +
      "nothing to do, so that token looks important. On the texts measured it was worse than chance.",
  },
  saliency: {
    label: "Saliency",
    about: "The length of the gradient at each token's embedding.",
    scores: "tokens",
    reads: ["contrast_token_id", "quantity", "faithfulness"],
    quantity: "prob",
    normalised: true,
    quick: true,
  },
  input_x_gradient: {
    label: "Input × gradient",
    about: "The embedding of each token times its gradient.",
    scores: "tokens",
    reads: ["signed", "contrast_token_id", "quantity", "faithfulness"],
    quantity: "prob",
    normalised: true,
    quick: true,
  },
  integrated_gradients: {
    label: "Integrated gradients",
    about: "Input × gradient, averaged on the way from a baseline to the text.",
    scores: "tokens",
    reads: ["signed", "contrast_token_id", "quantity", "faithfulness"],
    quantity: "prob",
    normalised: true,
  },
  direct_logit: {
    label: "Direct logit attribution",
    about: "What the embedding, every head and every MLP write towards the logit. The parts add up to it.",
    scores: "model",
    reads: ["remove", "everywhere", "signed", "contrast_token_id", "quantity"],
    ofOneToken: true,
    quantity: "logit",
    quick: true,
  },
  logit_lens: {
    label: "Logit lens",
    about: "What the model would say after each layer.",
    scores: "model",
    reads: ["follow", "contrast_token_id"],
    ofOneToken: true,
    quantity: "logprob",
    quick: true,
  },
  comparison: {
    label: "All methods",
    about: "All that score tokens, measured on this text, the most faithful first.",
    scores: null,
    reads: ["signed", "contrast_token_id", "quantity", "faithfulness"],
    quantity: "logprob",
  },
} as const satisfies Readonly<Record<string, Method>>;

/** How an output is explained; `off` computes nothing, `comparison` measures all scores per token on this text. */
export type AttributionMethod = keyof typeof ATTRIBUTION_METHODS;

/** A method that gives each token of the text a score. */
export type TokenMethod = {
  [Name in AttributionMethod]: typeof ATTRIBUTION_METHODS[Name]["scores"] extends "tokens" ? Name : never;
}[AttributionMethod];

export const METHOD_NAMES = Object.keys(ATTRIBUTION_METHODS) as readonly AttributionMethod[];

/** The row of a method, with what it leaves out. */
export function methodRow(method: AttributionMethod): Method {
  return ATTRIBUTION_METHODS[method];
}

/** Whether a method gives each token of the text a score. */
export function scoresTokens(method: AttributionMethod): method is TokenMethod {
  return methodRow(method).scores === "tokens";
}

/** Whether a method explains several tokens together. */
export function explainsSpans(method: AttributionMethod): boolean {
  return scoresTokens(method) && methodRow(method).ofOneToken !== true;
}

/** Whether a method reads a field that only some methods read. */
export function readsField(method: AttributionMethod, field: OwnField): boolean {
  return methodRow(method).reads.includes(field);
}

/** How a token is taken away: its embedding is zero; it is not there and what follows moves up; its value vectors are
 * zero in every layer. */
export const OCCLUSION_KINDS = ["delete_token", "zero_embedding", "zero_value"] as const;
export type OcclusionKind = typeof OCCLUSION_KINDS[number];

/** Into what tokens are put together; the scores of a segment's tokens are added up. */
export const SEGMENT_UNITS = ["token", "word", "sentence", "message"] as const;
export type SegmentUnit = typeof SEGMENT_UNITS[number];
/** What is said of messages where the chat template wrote nothing. */
export const NO_MESSAGES =
  "Messages are known only where the request is a conversation: send messages, or a prompt with the chat template.";

/** Of the target: its probability, the logarithm of that, or the logit. */
export const QUANTITIES = ["prob", "logprob", "logit"] as const;
export type Quantity = typeof QUANTITIES[number];
