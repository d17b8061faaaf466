// The automaton of a grammar's terminals: states are derivatives, rows are filled where a text comes by.
import { classifyBytes, derive } from "../ir/derive.ts";
import type { Budget } from "../ir/limits.ts";
import type { Regex, RegexArena } from "../ir/regex.ts";
import { growInts } from "./grow.ts";

/** The state from which no text is left. */
export const DEAD = 0;

/** In a row: not computed yet. */
export const UNKNOWN = -1;

export class TerminalTable {
  /** Byte → class of bytes that no terminal tells apart. [256] */
  readonly classOf: Uint8Array;
  readonly classCount: number;
  /** One byte of each class. [classes] */
  readonly byteOfClass: readonly number[];
  readonly arena: RegexArena;
  readonly #budget: Budget;
  readonly #stateOf = new Map<Regex, number>();
  readonly #regexes: Regex[] = [];
  /** Bytes to an end; Infinity: there is none; absent: not known yet. */
  readonly #toEnd: (number | undefined)[] = [];
  /** The class of bytes that last led to an end (a quote, say): tried first, it mostly does so again. */
  #likely = 0;
  #rows = new Int32Array(0);

  /** State by state, one number a class: the next state or UNKNOWN. For loops that cannot afford `step`; the array is
   * replaced when a step needs more room. */
  get rows(): Int32Array {
    return this.#rows;
  }

  /** `terminals`: every regex that `stateOf` will be asked for. */
  constructor(arena: RegexArena, budget: Budget, terminals: readonly Regex[]) {
    this.arena = arena;
    this.#budget = budget;
    this.classOf = classifyBytes(terminals);
    this.byteOfClass = findFirstOfEach(this.classOf);
    this.classCount = this.byteOfClass.length;
    this.stateOf(arena.nothing);
  }

  /** The state in which exactly the texts of `regex` are left; DEAD if there are none. Throws the budget's refusal. */
  stateOf(regex: Regex): number {
    const state = this.#known(regex);
    return this.#isAlive(state) ? state : DEAD;
  }

  /** The state after one byte. Throws the budget's refusal. */
  step(state: number, byte: number): number {
    return this.stepClass(state, this.classOf[byte]!);
  }

  /** The state after a byte of this class. Throws the budget's refusal. */
  stepClass(state: number, kind: number): number {
    const at = state * this.classCount + kind;
    const next = this.#rows[at]!;
    if (next !== UNKNOWN) return next;
    const derived = this.#derived(state, kind);
    return this.#rows[at] = this.#isAlive(derived) ? derived : DEAD;
  }

  /** The text so far is a whole text of the terminal. */
  isComplete(state: number): boolean {
    return this.#regexes[state]!.nullable;
  }

  /** Nothing can follow within the terminal. */
  isFinished(state: number): boolean {
    return this.#regexes[state] === this.arena.empty;
  }

  /** What is left of the terminal. */
  regexOf(state: number): Regex {
    return this.#regexes[state]!;
  }

  #known(regex: Regex): number {
    const known = this.#stateOf.get(regex);
    if (known !== undefined) return known;
    this.#budget.spend("tableEntries", this.classCount);
    const state = this.#regexes.length;
    this.#stateOf.set(regex, state);
    this.#regexes.push(regex);
    this.#toEnd.push(regex === this.arena.nothing ? Infinity : undefined);
    const used = state * this.classCount;
    this.#rows = growInts(this.#rows, used + this.classCount, UNKNOWN);
    return state;
  }

  #derived(state: number, kind: number): number {
    return this.#known(derive(this.arena, this.#regexes[state]!, this.byteOfClass[kind]!));
  }

  #isAlive(state: number): boolean {
    const regex = this.#regexes[state]!;
    return regex.plain ? regex !== this.arena.nothing : this.bytesToEnd(state) < Infinity;
  }

  /** Bytes of a way from a state to a whole text, mostly a shortest one; Infinity where there is none. With
   * intersections and complements only such a search tells. Throws the budget's refusal. */
  bytesToEnd(start: number): number {
    const known = this.#toEnd[start];
    if (known !== undefined) return known;
    if (this.#regexes[start]!.nullable) return this.#toEnd[start] = 0;
    const cameFrom = new Map([[start, start]]);
    for (const state of cameFrom.keys()) { // grows while it is walked, breadth first
      for (let i = 0; i < this.classCount; i++) {
        const kind = (this.#likely + i) % this.classCount;
        const next = this.#derived(state, kind);
        if (cameFrom.has(next) || this.#toEnd[next] === Infinity) continue;
        cameFrom.set(next, state);
        if (this.#toEnd[next] === undefined && !this.#regexes[next]!.nullable) continue;
        this.#likely = kind;
        return this.#keepWay(next, start, cameFrom);
      }
    }
    for (const state of cameFrom.keys()) this.#toEnd[state] = Infinity;
    return Infinity;
  }

  #keepWay(found: number, start: number, cameFrom: ReadonlyMap<number, number>): number {
    let bytes = this.#toEnd[found] ?? 0;
    for (let state = found; state !== start; state = cameFrom.get(state)!) this.#toEnd[state] = bytes++;
    return this.#toEnd[start] = bytes;
  }
}

function findFirstOfEach(classOf: Uint8Array): number[] {
  const first: number[] = [];
  classOf.forEach((kind, byte) => first[kind] ??= byte);
  return first;
}
