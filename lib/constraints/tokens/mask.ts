// Which tokens may come next: one walk over the vocabulary's tree. Within a terminal that takes most bytes (a string,
// free text) the walk depends on the terminal alone, not on what is to come behind it; it is made once for each of the
// terminal's states, and only the tokens that leave the terminal are looked at again. Where most bytes change nothing,
// the tokens made of such bytes come as one set (slices.ts). Where a terminal counts and is far from its bounds, short
// tokens are those of the same terminal without bounds.
import { LRUCache } from "lru-cache";
import { withoutBounds } from "../engine/bounds.ts";
import type { Thread } from "../engine/closure.ts";
import { growInts } from "../engine/grow.ts";
import { FAILED } from "../engine/recogniser.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import { findCountedBytes, findLoopBytes } from "../engine/steady.ts";
import { DEAD, UNKNOWN } from "../engine/terminal_table.ts";
import type { TerminalTable } from "../engine/terminal_table.ts";
import { countBytes } from "../ir/byte_set.ts";
import { takeCovered } from "./slices.ts";
import type { SlicedVocabulary } from "./slices.ts";
import { addToken, addTokens, createTokenSet, intersectTokens, removeToken } from "./token_set.ts";
import type { TokenSet } from "./token_set.ts";
import type { TokenTrie } from "./trie.ts";

/** What a walk within one terminal finds. */
interface TerminalWalk {
  /** Tokens after which the text is still in the terminal, or at its end. */
  readonly within: TokenSet;
  /** Nodes of `trie` at which the terminal can be over and longer tokens go on; null: too many to be listed. */
  readonly exits: readonly number[] | null;
  readonly trie: TokenTrie;
  /** The states behind `within`. */
  readonly states: readonly number[];
}

/** Terminals that go on after at least so many of the 256 bytes are walked alone. */
const WIDE_BYTES = 20;
/** With more exits than this, walking from each of them costs more than walking once with all alternatives. */
const MANY_EXITS = 2000;
/** Fewer steady bytes are not worth a slice. */
const STEADY_BYTES = 20;
/** A state that a walk meets so often is asked for the nodes where it takes everything. */
const OFTEN = 32;
const KEPT_MASKS = 512;
const KEPT_WALKS = 256;
const UNBOUNDED = Number.MAX_SAFE_INTEGER; // the numbers above are the bounds; bytes are only counted

/** Masks of one constraint over one vocabulary. */
export class TokenMasks {
  readonly #recogniser: Recogniser;
  readonly #vocabulary: SlicedVocabulary;
  readonly #ends: readonly number[];
  readonly #masks = new LRUCache<State, TokenSet>({
    max: KEPT_MASKS,
    maxSize: UNBOUNDED,
    sizeCalculation: (mask) => 1 + mask.byteLength,
  });
  readonly #walks = new LRUCache<number, TerminalWalk>({
    max: KEPT_WALKS,
    maxSize: UNBOUNDED,
    sizeCalculation: ({ within, exits, states }) =>
      1 + within.byteLength + 8 * (states.length + (exits?.length ?? 0)),
  });
  readonly #wide = new Map<number, boolean>();

  /** `ends`: the tokens that end the text; they are allowed exactly where the text may end. */
  constructor(recogniser: Recogniser, vocabulary: SlicedVocabulary, ends: readonly number[]) {
    this.#recogniser = recogniser;
    this.#vocabulary = vocabulary;
    this.#ends = ends;
  }

  /** About how much memory is kept, in bytes. */
  get bytes(): number {
    return this.#masks.calculatedSize + this.#walks.calculatedSize;
  }

  /** The tokens that may come next in a state; not to be changed. Throws the budget's refusal. */
  of(state: State): TokenSet {
    const known = this.#masks.get(state);
    if (known !== undefined) return known;
    const mask = this.#compute(state);
    this.#masks.set(state, mask);
    return mask;
  }

  #compute(state: State): TokenSet {
    const recogniser = this.#recogniser;
    const mask = createTokenSet(this.#vocabulary.trie.vocabularySize);
    const threads = recogniser.threads(state);
    const narrow = threads.filter((thread) => !this.#addWide(thread, mask));
    const rest = narrow.length === threads.length ? state : recogniser.stateOf(narrow, false);
    if (narrow.length > 0) this.#addWalk(rest, mask);
    for (const id of this.#ends) {
      if (recogniser.accepts(state)) addToken(mask, id);
      else removeToken(mask, id); // its text may be possible, but it is not read as text
    }
    return mask;
  }

  /** Walks from the root with all alternatives of a state. */
  #addWalk(state: State, mask: TokenSet): void {
    const { table } = this.#recogniser.machine;
    const steady = findLoopBytes(table, state, (kind) => {
      return this.#recogniser.advance(state, table.byteOfClass[kind]!);
    });
    let { trie } = this.#vocabulary;
    if (countBytes(steady) >= STEADY_BYTES) {
      const slice = this.#vocabulary.slice(steady);
      addTokens(mask, slice.covered);
      trie = slice.rest;
    }
    walkStates(this.#recogniser, trie, state, 0, mask);
  }

  /** Adds the tokens of one alternative if its terminal is wide; false: nothing was added. */
  #addWide({ at, then }: Thread, mask: TokenSet): boolean {
    if (!this.#isWide(at)) return false;
    const { within, exits, trie } = this.#walk(at);
    const behind = this.#recogniser.stateBehind(then);
    const goesOn = this.#recogniser.threads(behind).length > 0;
    if (goesOn && exits === null) return false;
    addTokens(mask, within);
    if (goesOn) { for (const node of exits!) walkStates(this.#recogniser, trie, behind, node, mask); }
    return true;
  }

  #isWide(at: number): boolean {
    let wide = this.#wide.get(at);
    if (wide === undefined) {
      const { table } = this.#recogniser.machine;
      let bytes = 0;
      for (let byte = 0; byte < 256; byte++) {
        const next = table.step(at, byte);
        if (next !== DEAD && !table.isFinished(next)) bytes++;
      }
      this.#wide.set(at, wide = bytes >= WIDE_BYTES);
    }
    return wide;
  }

  #walk(at: number): TerminalWalk {
    let walk = this.#walks.get(at);
    if (walk === undefined) this.#walks.set(at, walk = this.#boundedWalk(at) ?? this.#makeWalk(at));
    return walk;
  }

  /** What a state takes that is far from its upper bounds: short tokens as without bounds, long ones one by one. Null
   * where there are no bounds, or where they are near. */
  #boundedWalk(at: number): TerminalWalk | null {
    const { table } = this.#recogniser.machine;
    const unbounded = withoutBounds(table, at);
    if (unbounded === null) return null;
    const free = this.#walk(unbounded.at);
    const room = unbounded.room - measureFarthest(table, free);
    const slice = this.#vocabulary.shortTokens(room);
    if (slice === null) return null;
    if (free.exits?.some((node) => free.trie.depth[node]! > room)) return null;
    const { within } = walkTerminal(table, slice.rest, at, intersectTokens(free.within, slice.covered));
    return { ...free, within };
  }

  #makeWalk(at: number): TerminalWalk {
    const { table } = this.#recogniser.machine;
    const { trie } = this.#vocabulary;
    const loop = findLoopBytes(table, at, (kind) => table.stepClass(at, kind));
    const steady = countBytes(loop) >= STEADY_BYTES
      ? { set: loop, room: Infinity }
      : findCountedBytes(table.arena, table, table.regexOf(at));
    if (steady === null || countBytes(steady.set) < STEADY_BYTES) {
      return walkTerminal(
        table,
        trie,
        at,
        createTokenSet(trie.vocabularySize),
        (state) => this.#nodesAbove(state),
      );
    }
    const slice = this.#vocabulary.slice(steady.set);
    const walk = walkTerminal(table, slice.rest, at, takeCovered(slice, steady.room));
    return table.isComplete(at) ? { ...walk, exits: null } : walk;
  }

  /** The nodes below which a state of the terminal takes everything and stays as it is; null: hardly any, or the
   * terminal can be over at each of them. */
  #nodesAbove(at: number): Uint8Array | null {
    const { table } = this.#recogniser.machine;
    if (table.isComplete(at)) return null;
    const loop = findLoopBytes(table, at, (kind) => table.stepClass(at, kind));
    return countBytes(loop) < STEADY_BYTES ? null : this.#vocabulary.nodesAbove(loop);
  }
}

/** Adds the tokens below `node` that keep `start` from failing; `start` is the state at that node. */
function walkStates(
  recogniser: Recogniser,
  trie: TokenTrie,
  start: State,
  node: number,
  mask: TokenSet,
): void {
  const { byte, depth, skip, firstToken, ids } = trie;
  const { classOf, classCount } = recogniser.machine.table;
  let rows = recogniser.rows;
  const base = depth[node]!;
  const states = new Int32Array(trie.longest - base + 1);
  states[0] = start;
  const end = skip[node]!;
  for (let n = node + 1; n < end;) {
    const level = depth[n]! - base;
    const state = states[level - 1]!;
    let next = rows[state * classCount + classOf[byte[n]!]!]!;
    if (next === UNKNOWN) {
      next = recogniser.advance(state, byte[n]!);
      rows = recogniser.rows;
    }
    if (next === FAILED) {
      n = skip[n]!;
      continue;
    }
    states[level] = next;
    for (let t = firstToken[n]!; t < firstToken[n + 1]!; t++) addToken(mask, ids[t]!);
    n++;
  }
}

/** The same for a single terminal from the root on; adds to `within`. `nodesAbove`: where a state takes all that is
 * below a node and stays as it is. */
function walkTerminal(
  table: TerminalTable,
  trie: TokenTrie,
  start: number,
  within: TokenSet,
  nodesAbove: (state: number) => Uint8Array | null = () => null,
): TerminalWalk {
  const { byte, depth, skip, firstToken, ids } = trie;
  const { classOf, classCount } = table;
  let rows = table.rows;
  const exits: number[] = [];
  const met = new MetStates(nodesAbove);
  met.add(start);
  const states = new Int32Array(trie.longest + 1);
  states[0] = start;
  for (let n = 1; n < trie.nodeCount;) {
    const level = depth[n]!;
    const state = states[level - 1]!;
    let next = rows[state * classCount + classOf[byte[n]!]!]!;
    if (next === UNKNOWN) {
      next = table.step(state, byte[n]!);
      rows = table.rows;
    }
    if (next === DEAD) {
      n = skip[n]!;
      continue;
    }
    states[level] = next;
    const takesAll = met.add(next)?.[n] === 1;
    const end = takesAll ? skip[n]! : n + 1;
    for (let t = firstToken[n]!; t < firstToken[end]!; t++) addToken(within, ids[t]!);
    if (skip[n]! > end && table.isComplete(next)) exits.push(n);
    n = end;
  }
  return { within, exits: exits.length > MANY_EXITS ? null : exits, trie, states: met.list };
}

/** The most bytes to an end that are left behind a token. Tokens that are not walked (a slice's) come no farther from
 * an end than where they begin. */
function measureFarthest(table: TerminalTable, { states }: TerminalWalk): number {
  return states.reduce((most, state) => Math.max(most, table.bytesToEnd(state)), 0);
}

/** The states of a walk, each once; a Set would cost more than the walk. */
class MetStates {
  readonly list: number[] = [];
  readonly #nodesAbove: (state: number) => Uint8Array | null;
  readonly #above: (Uint8Array | null)[] = [];
  #times = new Int32Array(0);

  constructor(nodesAbove: (state: number) => Uint8Array | null) {
    this.#nodesAbove = nodesAbove;
  }

  /** The nodes below which the state takes everything, if it is met often enough to ask for them. */
  add(state: number): Uint8Array | null {
    if (state >= this.#times.length) this.#times = growInts(this.#times, state + 1, 0);
    const times = this.#times[state]!++;
    if (times === 0) this.list.push(state);
    if (times === OFTEN) this.#above[state] = this.#nodesAbove(state);
    return times < OFTEN ? null : this.#above[state]!;
  }
}
