// What lib/decode asks of a model: text, limits, and logits that may take several slices.
import type { Dist } from "../sampling/dist_forms.ts";
import type { Turns } from "../basics/turns.ts";
import type { PositionAnswer } from "../constraints/position/types.ts";
import type { EngineAnswer } from "../sampling/part_known.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { AttributionTask, Findings } from "../attribution/explain/task.ts";
import type { AttributionEstimate, AttributionProgress } from "../wire/attribution.ts";
import type { JobProgress } from "../wire/progress.ts";
import type { TokenizerInfo } from "../wire/sample.ts";
import type { ChatMessage, JsonObject } from "../wire/token.ts";
import type { VocabularyInput } from "../wire/vocabulary.ts";
import type { TextCodec } from "../text/types.ts";
import type { DistributionCache } from "./distribution_cache.ts";

/** What a computation cost. */
export interface Cost {
  readonly computedTokens: number; // 0 = everything was still known
  readonly prefillMs: number; // time in runs of several tokens
  readonly decodeMs: number; // time in runs of one token
}

/** The logits after a path, and what they cost. */
export interface LogitsAnswer extends Cost {
  /** [vocabSize], shared with the cache: read only. */
  readonly logits: Float32Array;
  /** Absent where the model's own logits are known; else they are log-probabilities, -Infinity where none is listed. */
  readonly engine?: EngineAnswer;
}

/** What the model thought of each token of a path when it read it, [tokens of the path] each. The first token has
 * no such thing: NaN and -1. Softmax and sums in double precision. */
export interface PathScores {
  readonly logprobs: Float64Array; // natural
  readonly ranks: Int32Array; // tokens with a greater logit
  readonly entropies: Float64Array; // bits, of the distribution the token came from
}

/** The most probable tokens of the distributions that the tokens of a path came from, falling, ties by rising id. */
export interface PathTops {
  readonly count: number; // a token of the path
  readonly ids: Int32Array; // [tokens of the path, count]; -1 for the first token
  readonly logprobs: Float64Array; // the same shape, natural; NaN for the first token
}

/** What `scores` adds where tops are asked for; null where they are not. */
export interface Tops {
  readonly tops: PathTops | null;
}

/** A job that waits for work done elsewhere: there is no use in going on before `until` settles. It never rejects. */
export interface Waiting {
  readonly until: Promise<unknown>;
}

/** Yields after every chunk of a long computation, and where it waits; returns when it is done. */
export type Sliced<T> = AsyncGenerator<JobProgress | Waiting, T, void>;

export interface RenderOptions {
  readonly addGenerationPrompt: boolean;
  /** The last message is open: the rendered text ends where its content does. */
  readonly continueFinalMessage: boolean;
  /** Which of the model's templates; null: as Transformers chooses. */
  readonly template: string | null;
  /** `tools`, `documents`, and what else the template may read. */
  readonly variables: JsonObject;
  readonly signal: AbortSignal;
}

/** A model's chat template. */
export interface ChatRenderer {
  /** The conversation as text. Rejects with faults: the template's own refusals, and templates that are broken or
   * take too long. */
  render(messages: readonly ChatMessage[], options: RenderOptions): Promise<string>;
  /** Names of the given variables that the template reads nowhere. */
  findUnread(options: Pick<RenderOptions, "template" | "variables">): readonly string[];
}

/** Indices of the texts that a regular expression matches. Rejects with the fault invalid_request where the pattern
 * is none, or takes too long. */
export type RegexSearch = (
  pattern: string,
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly number[]>;

/** What is asked of a model, wherever it computes. `ids`: 1 or more, all below the vocabulary's size. All reject with
 * an AbortError. */
export interface Logits {
  /** The logits of the token after a path. `aside`: the text does not go on there, so speculation stays where it
   * was. */
  after(ids: readonly number[], signal: AbortSignal, aside?: boolean): Sliced<LogitsAnswer>;
  /** Whether the logits after a path are there without a run. Absent where that is not told. */
  knows?(ids: readonly number[]): boolean;
  /** The scores of every token of a path, in one pass that never holds more than a chunk of logits, and with `top`
   * above 0 so many tokens that were most probable in its place. */
  scores(ids: readonly number[], signal: AbortSignal, top?: number): Sliced<PathScores & Tops & Cost>;
  /** The log-probabilities of the tokens of a path from index `from` (1 or more) on, and nothing of those before. */
  continuation(ids: readonly number[], from: number, signal: AbortSignal): Sliced<Continuation & Cost>;
  /** Computes the logits behind each prefix of a path from length `from` (1 or more) to all but the last token in few
   * runs: what `after` is asked next is then there. Absent where nothing is gained by that. */
  along?(ids: readonly number[], from: number, signal: AbortSignal): Sliced<Cost>;
}

/** What the model thought of the last tokens of a path. */
export interface Continuation {
  readonly logprobs: Float64Array; // natural
}

/** What is looked for in a vocabulary. */
export type VocabularyQuery = Pick<VocabularyInput, "query" | "mode">;

/** All tokens of a vocabulary as text. */
export interface VocabularySearch {
  /** One byte an id, 1 where the token matches; null: all do. Throws the fault invalid_request. */
  find(query: VocabularyQuery, signal: AbortSignal): Sliced<Uint8Array | null>;
}

/** What a constraint allows along a text. */
export interface Constraints {
  /** What may follow the tokens `ids` of the constrained text, or where they leave the constraint. Rejects with the
   * fault invalid_request where the constraint cannot be used, and with the signal's reason. */
  at(constraint: ConstraintInput, ids: readonly number[], signal: AbortSignal): Promise<PositionAnswer>;
}

/** How an explanation is stopped, and whom it tells how far it is. */
export interface AttributionWatch {
  readonly signal: AbortSignal;
  readonly progress: (progress: AttributionProgress) => void;
}

/** Explanations of what the model says, computed beside it. */
export interface Attribution {
  /** What a task would cost. */
  estimate(task: AttributionTask): Promise<AttributionEstimate>;
  /** Rejects with faults: `unsupported` where method and model do not fit, or memory is short; `inference_failed`;
   * with an AbortError or client_gone. */
  explain(
    task: AttributionTask,
    watch: AttributionWatch,
  ): Promise<{ readonly findings: Findings; readonly cached: boolean }>;
}

/** The token that follows a drawn one, where the next request may well ask for it: as Play does. */
export interface DrawAhead {
  /** The number in [0, 1) that the draw behind `ids` was made with ahead; it is given once. Null: none was. */
  takeNumber(ids: readonly number[]): number | null;
  /** Draws the token behind `ids` from its probabilities, and begins to compute what comes behind it. `announced`: that
   * it will be asked for is known; else it is a guess, which may be switched off. */
  begin(
    ids: readonly number[],
    dist: Dist,
    draw: { readonly seed: number | null; readonly announced: boolean },
  ): void;
}

export interface LanguageModel {
  readonly attribution: Attribution;
  readonly tokenizerInfo: TokenizerInfo;
  readonly id: string;
  readonly modelKey: string; // see ModelIdentity of lib/wire
  readonly tokenizerKey: string;
  readonly device: string;
  readonly arithmetic: string;
  readonly codec: TextCodec;
  /** Those of the thread, for works that a long text makes. */
  readonly turns: Turns;
  readonly chat: ChatRenderer | null; // null: the model has no chat template
  readonly vocabSize: number;
  readonly contextLength: number; // tokens
  readonly eosTokenIds: readonly number[];
  readonly logits: Logits;
  readonly vocabulary: VocabularySearch;
  readonly constraints: Constraints;
  readonly distributions: DistributionCache;
  /** Absent: nothing can be computed before it is asked for. */
  readonly drawAhead?: DrawAhead;
}
