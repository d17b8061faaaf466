// What is said about the methods: what their numbers are, which one is suggested, what to be warned of.
import type { OcclusionKind, SegmentUnit } from "../../wire/attribution.ts";
import { type Choice, OCCLUSION_TOKENS, type PageMethod } from "./methods.ts";

/** What a method's numbers are, in a sentence. */
export const MEANINGS: Readonly<Record<PageMethod, string>> = {
  off: "Nothing is computed.",
  occlusion: "How much the log-probability falls when a token is taken away.",
  attention: "How much the last position looks at each token.",
  attention_rollout: "Attention followed back through all layers.",
  saliency: "The length of the gradient at each token's embedding.",
  input_x_gradient: "The embedding of each token times its gradient.",
  integrated_gradients: "Input × gradient, averaged on the way from a baseline to the text.",
  direct_logit:
    "What the embedding, every head and every MLP write towards the logit. The parts add up to it.",
  logit_lens: "What the model would say after each layer.",
};

/** How a token is taken away, in words. */
export const OCCLUSIONS: readonly { readonly value: OcclusionKind; readonly label: string }[] = [
  { value: "delete_token", label: "Token deleted" },
  { value: "zero_embedding", label: "Embedding zero" },
  { value: "zero_value", label: "Value vectors zero" },
];

/** What scores are added up over, in words. */
export const SEGMENTS: readonly { readonly value: SegmentUnit; readonly label: string }[] = [
  { value: "token", label: "Tokens" },
  { value: "word", label: "Words" },
  { value: "sentence", label: "Sentences" },
  { value: "message", label: "Messages" },
];

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

/** What is always said beside a method's picture. */
export function standingWarning(method: PageMethod): string | null {
  return method === "attention_rollout"
    ? "Rollout parks on the first token: most heads rest there when they have nothing to do. On the texts measured it was worse than chance. Look at its own score."
    : null;
}
