// What a worker tells of its model. Types only.
import type { Backend } from "../wire/models.ts";

/** Everything the outside may know about a model that is ready. */
export interface ModelInfo {
  readonly id: string;
  readonly modelKey: string; // see ModelIdentity of lib/wire
  readonly tokenizerKey: string;
  readonly backend: Backend;
  readonly vocabSize: number;
  readonly contextLength: number; // tokens
  readonly eosTokenIds: readonly number[];
  readonly hasChatTemplate: boolean;
  readonly chatTemplates?: readonly string[]; // their names; none where it is left out
  /** An empty text is a context: the tokenizer puts a BOS before any. */
  readonly hasBos: boolean;
  readonly warning: string | null; // for example: the device asked for is not there, CPU is used
}

/** Counters that change with every job. */
export interface Counters {
  readonly cache: { readonly hits: number; readonly misses: number; readonly bytes: number };
  readonly prefetch: { readonly hits: number; readonly wastedTokens: number };
}
