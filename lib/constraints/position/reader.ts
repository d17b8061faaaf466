// Reads texts with constraints: what each constraint and vocabulary needed so far is kept, so that the next token of a
// text costs what is new about it.
import { LRUCache } from "lru-cache";
import { compileConstraint, schemaSettingsOf } from "../compile.ts";
import type { Constraint } from "../compile.ts";
import { FAILED } from "../engine/recogniser.ts";
import type { State } from "../engine/recogniser.ts";
import { findForcedStretch } from "../explain/next_bytes.ts";
import { DEFAULT_LIMITS } from "../ir/limits.ts";
import type { Limits } from "../ir/limits.ts";
import { refusal, refusalPlaceOf } from "../ir/refusal.ts";
import { TokenMasks } from "../tokens/mask.ts";
import { SlicedVocabulary } from "../tokens/slices.ts";
import { countTokens } from "../tokens/token_set.ts";
import { buildTokenTrie } from "../tokens/trie.ts";
import { bytesOfToken, tokenBytesOf } from "./shared_vocabulary.ts";
import type { SharedVocabulary } from "./shared_vocabulary.ts";
import { listExpectedAt, notesOf } from "./expected.ts";
import type { ConstraintText, Fitting, Leaving, PositionAnswer, PositionQuestion } from "./types.ts";

/** One part of an answer may take this long, and no part begins later than this: an answer takes twice as long at
 * most. */
const PART_MS = 1000;

const LIMITS: Limits = { ...DEFAULT_LIMITS, milliseconds: PART_MS };
/** By their own count, which is about half of what they take; one that has more is compiled again each time. All lanes
 * together (lib/sandbox/lanes.ts) keep six times as much at most. */
const KEPT_BYTES = 96 * 2 ** 20;
const KEPT_CONSTRAINTS = 64;
const KEPT_VOCABULARIES = 2;

interface OpenVocabulary {
  readonly shared: SharedVocabulary;
  readonly sliced: SlicedVocabulary;
}

interface OpenConstraint {
  readonly constraint: Constraint;
  readonly masks: Map<OpenVocabulary, TokenMasks>;
}

export class ConstraintReader {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #constraints: LRUCache<string, OpenConstraint>;
  readonly #vocabularies = new LRUCache<string, OpenVocabulary>({ max: KEPT_VOCABULARIES });

  /** `keptBytes`: about how much memory the constraints that are kept may use. */
  constructor(limits = LIMITS, now: () => number = () => performance.now(), keptBytes = KEPT_BYTES) {
    this.#limits = limits;
    this.#now = now;
    this.#constraints = new LRUCache({
      ...{ max: KEPT_CONSTRAINTS, maxSize: keptBytes },
      sizeCalculation: bytesOf,
    });
  }

  /** What may follow a text, or where it leaves the constraint. Throws a refusal for a constraint that cannot be used
   * or takes too much. */
  position({ vocabulary, constraint, ids }: PositionQuestion): PositionAnswer {
    const open = this.#vocabulary(vocabulary);
    return this.use(constraint, (known, check) => {
      return positionOf(known, open, ids, check);
    });
  }

  /** Builds a vocabulary's tree, which its first position would wait for. */
  prepare(vocabulary: SharedVocabulary): void {
    this.#vocabulary(vocabulary);
  }

  /**
   * What `read` makes of a constraint; it calls `check` between its parts. A constraint that was used before and now
   * exceeds a limit is compiled anew, once: its limits count for its whole life. Throws refusals.
   */
  use<T>(text: ConstraintText, read: (open: OpenConstraint, check: () => void) => T): T {
    const begun = this.#now();
    const isLate = () => this.#now() - begun > this.#limits.milliseconds;
    const check = () => {
      if (isLate()) throw tooSlowError(this.#limits);
    };
    const key = JSON.stringify([text.type, text.schema, text.settings ?? null]);
    const known = this.#constraints.get(key);
    if (known !== undefined) {
      try {
        return this.#keep(key, known, read(known, check));
      } catch (error) {
        if (refusalPlaceOf(error) === null || isLate()) {
          this.#keep(key, known, null); // it may have grown
          throw error;
        }
        this.#constraints.delete(key);
      }
    }
    const made = this.#compile(text);
    check();
    return this.#keep(key, made, read(made, check));
  }

  /** Keeps a constraint with the size that it has now. */
  #keep<T>(key: string, open: OpenConstraint, result: T): T {
    this.#constraints.delete(key); // else the size that it had stays
    this.#constraints.set(key, open);
    return result;
  }

  #compile({ type, schema, settings }: ConstraintText): OpenConstraint {
    const source = { type, schema, ...(settings && { settings: schemaSettingsOf(settings) }) };
    const compiled = compileConstraint(source, this.#limits);
    if (compiled.ok) return { constraint: compiled.constraint, masks: new Map() };
    const { message, ...place } = compiled.error;
    throw refusal(message, place);
  }

  #vocabulary(shared: SharedVocabulary): OpenVocabulary {
    let open = this.#vocabularies.get(shared.key);
    if (open === undefined) {
      open = { shared, sliced: new SlicedVocabulary(finish(buildTokenTrie(tokenBytesOf(shared)))) };
      this.#vocabularies.set(shared.key, open);
    }
    return open;
  }
}

function positionOf(
  open: OpenConstraint,
  vocabulary: OpenVocabulary,
  ids: readonly number[],
  check: () => void,
): Fitting | Leaving {
  const { constraint } = open;
  const { recogniser } = constraint;
  const read = readTokens(constraint, vocabulary.shared, ids);
  check();
  const outlook = listExpectedAt(recogniser, read.state);
  if (!read.fits) return { fits: false, at: read.at, byte: read.byte, ...outlook };
  check();
  const mask = masksOf(open, vocabulary).of(read.state);
  check();
  const forced = findForcedStretch(recogniser, read.state);
  const mustEnd = outlook.mayEnd && recogniser.threads(read.state).length === 0;
  const over = read.ended || mustEnd && vocabulary.shared.ends.length === 0;
  return {
    ...{ fits: true, over, mustEnd, mask, allowed: countTokens(mask), ...outlook },
    forced: forced.bytes.length === 0 ? null : { bytes: forced.bytes, ends: forced.ends },
    notes: notesOf(constraint),
  };
}

type Read =
  | { readonly fits: true; readonly state: State; readonly ended: boolean }
  | { readonly fits: false; readonly state: State; readonly at: number; readonly byte: number };

/** What is kept of a constraint: a mask takes a bit a token, so those of a few hundred positions over a vocabulary of
 * 256,000 tokens are more than the automaton. */
function bytesOf({ constraint, masks }: OpenConstraint): number {
  let bytes = 1 + constraint.recogniser.machine.budget.bytes;
  for (const made of masks.values()) bytes += made.bytes;
  return bytes;
}

/** The state behind tokens, or before the byte that leaves the constraint. What follows an end of the text is no part
 * of it. */
function readTokens({ recogniser }: Constraint, shared: SharedVocabulary, ids: readonly number[]): Read {
  recogniser.machine.budget.begin();
  let state = recogniser.initial;
  for (const [at, id] of ids.entries()) {
    const isEnd = shared.ends.includes(id);
    if (isEnd && recogniser.accepts(state)) return { fits: true, state, ended: true };
    const bytes = bytesOfToken(shared, id);
    if (isEnd || bytes.length === 0) return { fits: false, state, at, byte: 0 };
    for (const [byte, value] of bytes.entries()) {
      const next = recogniser.advance(state, value);
      if (next === FAILED) return { fits: false, state, at, byte };
      state = next;
    }
  }
  return { fits: true, state, ended: false };
}

function masksOf({ constraint, masks }: OpenConstraint, vocabulary: OpenVocabulary): TokenMasks {
  constraint.recogniser.machine.budget.begin();
  let made = masks.get(vocabulary);
  if (made === undefined) {
    masks.clear(); // one tokenizer at a time: another one's masks are as large
    made = new TokenMasks(constraint.recogniser, vocabulary.sliced, vocabulary.shared.ends);
    masks.set(vocabulary, made);
  }
  return made;
}

function tooSlowError({ milliseconds }: Limits): Error {
  return refusal(
    `The constraint took longer than ${milliseconds / 1000} s. Make it smaller or less ambiguous.`,
  );
}

function finish<T>(steps: Generator<void, T>): T {
  for (let step = steps.next();; step = steps.next()) if (step.done) return step.value;
}
