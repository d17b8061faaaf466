// POST /api/vocabulary: every token by rank. Types only.
import type { DistToken } from "./distribution.ts";
import type { PreviewInput } from "./preview.ts";
import type { ModelIdentity, Timing } from "./token.ts";

export interface VocabularyInput extends PreviewInput {
  readonly query: string;
  readonly mode: "text" | "bytes" | "id" | "regex";
  readonly offset: number;
  readonly limit: number;
}

export interface VocabularyResult extends ModelIdentity {
  readonly tokens: readonly DistToken[];
  readonly total: number; // tokens that match
  readonly offset: number;
  readonly vocab_size: number;
  readonly timing: Timing;
}
