// What is said about the options of the methods, and which method is suggested.
import {
  OCCLUSION_KINDS,
  type OcclusionKind,
  SEGMENT_UNITS,
  type SegmentUnit,
} from "../../wire/attribution_methods.ts";
import { type Choice, OCCLUSION_TOKENS } from "./methods.ts";

const OCCLUSION_LABELS: Readonly<Record<OcclusionKind, string>> = {
  delete_token: "Token deleted",
  zero_embedding: "Embedding zero",
  zero_value: "Value vectors zero",
};

/** How a token is taken away, in words. */
export const OCCLUSIONS = OCCLUSION_KINDS.map((value) => ({ value, label: OCCLUSION_LABELS[value] }));

const SEGMENT_LABELS: Readonly<Record<SegmentUnit, string>> = {
  token: "Tokens",
  word: "Words",
  sentence: "Sentences",
  message: "Messages",
};

/** What scores are added up over, in words. */
export const SEGMENTS = SEGMENT_UNITS.map((value) => ({ value, label: SEGMENT_LABELS[value] }));

/** The method that is suggested for a text of `length` tokens, and why. */
export function suggestMethod(length: number): { readonly change: Partial<Choice>; readonly text: string } {
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
