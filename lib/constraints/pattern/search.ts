// Searches texts for a pattern in a time that grows with pattern × text and no faster: all ways through the pattern are
// followed at once (Thompson 1968), so none is tried again.
import { refusal } from "../ir/refusal.ts";
import type { CodePointRange } from "../ir/utf8.ts";
import { readPattern } from "./read.ts";
import type { PatternNode } from "./tree.ts";

/** One step of a way through the pattern; numbers are steps. */
type Step =
  | { readonly kind: "match" }
  | { readonly kind: "set"; readonly set: CharacterSet; readonly then: number }
  | { readonly kind: "split"; readonly to: readonly number[] }
  | { readonly kind: "start" | "end" | "boundary" | "inside"; readonly then: number };

/** Unrolled repeats count here too. */
const MOST_STEPS = 50_000;
/** Steps taken between two calls of `check`. */
const STEPS_PER_CHECK = 2 ** 16;

/**
 * Indices of the texts in which something matches (ECMAScript with the flag u). Throws refusals for what is no pattern,
 * look-around, back-references and what needs too many steps; `check` is called now and then and may throw.
 */
export function searchTexts(pattern: string, texts: readonly string[], check: () => void): number[] {
  const tree = readPattern(pattern, { searched: true });
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const search = new Search(programOf(tree, longest), check);
  return texts.flatMap((text, at) => search.isIn(text) ? [at] : []);
}

class Search {
  readonly #steps: readonly Step[];
  readonly #check: () => void;
  /** The round in which a step was reached last. [steps] */
  readonly #reached: Float64Array;
  #round = 0;
  #taken = 0;

  constructor(steps: readonly Step[], check: () => void) {
    this.#steps = steps;
    this.#check = check;
    this.#reached = new Float64Array(steps.length);
  }

  isIn(text: string): boolean {
    const characters = Array.from(text, (character) => character.codePointAt(0)!);
    let here: number[] = []; // sets that wait for the next character
    for (let at = 0;; at++) {
      this.#round++;
      const waiting: number[] = [];
      const before = at === 0 ? undefined : characters[at - 1]!;
      const next = characters[at];
      for (const step of here) {
        const { set, then } = this.#steps[step] as Extract<Step, { kind: "set" }>;
        if (set.has(before!) && this.#follow(then, before, next, waiting)) return true;
      }
      if (this.#follow(this.#steps.length - 1, before, next, waiting)) return true; // a match may begin anywhere
      if (next === undefined) return false;
      here = waiting;
    }
  }

  /** Goes on without reading; true at a match. */
  #follow(from: number, before: number | undefined, next: number | undefined, waiting: number[]): boolean {
    const work = [from];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (this.#reached[at] === this.#round) continue;
      this.#reached[at] = this.#round;
      if (++this.#taken % STEPS_PER_CHECK === 0) this.#check();
      const step = this.#steps[at]!;
      if (step.kind === "match") return true;
      if (step.kind === "set") waiting.push(at);
      else if (step.kind === "split") work.push(...step.to);
      else if (holds(step.kind, before, next)) work.push(step.then);
    }
    return false;
  }
}

function holds(kind: "start" | "end" | "boundary" | "inside", before?: number, next?: number): boolean {
  switch (kind) {
    case "start":
      return before === undefined;
    case "end":
      return next === undefined;
    case "boundary":
      return isOfWord(before) !== isOfWord(next);
    case "inside":
      return isOfWord(before) === isOfWord(next);
  }
}

function isOfWord(code: number | undefined): boolean {
  return code !== undefined && code < 0x80 && /\w/.test(String.fromCharCode(code));
}

/** The steps of a pattern, the last one the first to take. `longest`: no text has more characters, so that repeats need
 * no more rounds. */
function programOf(tree: PatternNode, longest: number): readonly Step[] {
  const program = new Program(longest);
  const first = program.put(tree, program.add({ kind: "match" }));
  program.add({ kind: "split", to: [first] });
  return program.steps;
}

class Program {
  readonly steps: Step[] = [];
  readonly #longest: number;
  readonly #sets = new Map<readonly CodePointRange[], CharacterSet>();

  constructor(longest: number) {
    this.#longest = longest;
  }

  add(step: Step): number {
    if (this.steps.length < MOST_STEPS) return this.steps.push(step) - 1;
    throw refusal(`The pattern needs more than ${MOST_STEPS.toLocaleString("en")} steps. Make it smaller.`);
  }

  /** Puts a node in front of `then`; gives its first step. */
  put(node: PatternNode, then: number): number {
    switch (node.kind) {
      case "set":
        return this.add({ kind: "set", set: this.#setOf(node.ranges), then });
      case "concat":
        return node.of.reduceRight((behind, part) => this.put(part, behind), then);
      case "alt":
        return this.add({ kind: "split", to: node.of.map((way) => this.put(way, then)) });
      case "start":
      case "end":
        return this.add({ kind: node.kind, then });
      case "boundary":
        return this.add({ kind: node.negated ? "inside" : "boundary", then });
      case "repeat":
        return this.#putRepeat(node, then);
      case "ahead":
        throw refusal("A look-ahead is not supported in a search.");
    }
  }

  #putRepeat({ of, min, max }: Extract<PatternNode, { readonly kind: "repeat" }>, then: number): number {
    const most = this.#longest + 1;
    const least = Math.min(min, most);
    let at = then;
    if (max === Infinity) {
      const ways = [then];
      at = this.add({ kind: "split", to: ways });
      ways.push(this.put(of, at));
    } else {
      for (let round = least; round < Math.min(max, most); round++) {
        at = this.add({ kind: "split", to: [then, this.put(of, at)] });
      }
    }
    for (let round = 0; round < least; round++) at = this.put(of, at);
    return at;
  }

  #setOf(ranges: readonly CodePointRange[]): CharacterSet {
    const set = this.#sets.get(ranges) ?? new CharacterSet(ranges);
    this.#sets.set(ranges, set);
    return set;
  }
}

/** Code points in sorted ranges. */
class CharacterSet {
  readonly #ranges: readonly CodePointRange[];
  readonly #ascii: Uint8Array;

  constructor(ranges: readonly CodePointRange[]) {
    this.#ranges = ranges;
    this.#ascii = Uint8Array.from({ length: 0x80 }, (_, code) => this.#find(code) ? 1 : 0);
  }

  has(code: number): boolean {
    return code < 0x80 ? this.#ascii[code] === 1 : this.#find(code);
  }

  #find(code: number): boolean {
    return this.#ranges.some(([from, to]) => from <= code && code <= to);
  }
}
