// A constraint along a text of tokens. It is read elsewhere (in the sandbox): a pattern that takes for ever holds up no
// forward pass, and what it costs runs beside one.
import { LRUCache } from "lru-cache";
import { sleep } from "../basics/sleep.ts";
import { type SharedVocabulary, shareVocabulary } from "../constraints/position/shared_vocabulary.ts";
import type { PositionAnswer, PositionQuestion } from "../constraints/position/types.ts";
import { fault, faultOf } from "../fault.ts";
import type { ConstraintInput } from "../sampling/constraint_kinds.ts";
import type { TextCodec } from "../text/types.ts";
import type { Constraints } from "./types.ts";

/** Reads one position. Rejects with faults: what is wrong with the constraint. */
export type ReadPosition = (question: PositionQuestion, signal: AbortSignal) => Promise<PositionAnswer>;

/** Positions that are kept: the one before, which the page was shown, is the one that a step draws from. */
const KEPT = 64;
/** UTF-16 units of their constraints and ids. */
const KEPT_UNITS = 2 ** 23;

export class ConstraintPositions implements Constraints {
  readonly #codec: TextCodec;
  readonly #size: number;
  readonly #key: string;
  readonly #ends: readonly number[];
  readonly #read: ReadPosition;
  readonly #known = new LRUCache<string, PositionAnswer>({
    ...{ max: KEPT, maxSize: KEPT_UNITS },
    sizeCalculation: (_, key) => key.length,
  });
  #vocabulary: Promise<SharedVocabulary> | null = null;

  /** `size`: ids with a logit; `key`: the tokenizer's; `ends`: the end-of-text tokens. */
  constructor(
    codec: TextCodec,
    { size, key, ends }: { readonly size: number; readonly key: string; readonly ends: readonly number[] },
    read: ReadPosition,
  ) {
    this.#codec = codec;
    this.#size = size;
    this.#key = `${key} ${size} ${ends.join()}`;
    this.#ends = ends;
    this.#read = read;
  }

  async at(
    { type, schema, settings }: ConstraintInput,
    ids: readonly number[],
    signal: AbortSignal,
  ): Promise<PositionAnswer> {
    const constraint = { type, schema, settings };
    const key = JSON.stringify(constraint) + ids.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#vocabulary ??= this.#share();
    const vocabulary = await this.#vocabulary;
    try {
      const answer = await this.#read({ vocabulary, constraint, ids }, signal);
      this.#known.set(key, answer);
      return answer;
    } catch (error) {
      if (faultOf(error)?.code !== "unsupported") throw error;
      throw fault("invalid_request", (error as Error).message, "constraint"); // it took too long: another may not
    }
  }

  /** The vocabulary's bytes, read with pauses in which others are served. */
  async #share(): Promise<SharedVocabulary> {
    const codec = this.#codec;
    const steps = shareVocabulary(this.#key, {
      size: this.#size,
      bytes: (id) => codec.has(id) && !codec.isSpecial(id) ? codec.bytes(id) : null,
    }, this.#ends);
    const never = new AbortController().signal;
    for (let step = steps.next();; step = steps.next()) {
      if (step.done) return step.value;
      await sleep(0, never);
    }
  }
}
