// Regular expressions over bytes, with intersection and complement. Every expression is made by an arena, which
// keeps one object for each structure ("hash-consing"): comparing is comparing objects, and the derivatives of an
// expression (derive.ts) are finitely many. Normal forms after Owens, Reppy and Turon, "Regular-expression
// derivatives re-examined" (2009); counted repeats stay counted.
import { bytesOfRanges, intersectBytes, isNoByte, keyOfBytes, uniteBytes } from "./byte_set.ts";
import type { ByteSet } from "./byte_set.ts";
import type { Budget } from "./limits.ts";

interface Common {
  /** Unique in its arena, in the order of making. */
  readonly id: number;
  /** The empty text is in the language. */
  readonly nullable: boolean;
  /** No intersection or complement in it: then its language is empty only if it is `nothing`. */
  readonly plain: boolean;
  /** The bytes with which its texts begin; with an intersection, complement or automaton in it perhaps more. */
  readonly begins: ByteSet;
}

export type Regex =
  & Common
  & (
    | { readonly kind: "empty" }
    | { readonly kind: "class"; readonly set: ByteSet }
    | { readonly kind: "concat"; readonly first: Regex; readonly rest: Regex }
    | { readonly kind: "alt" | "and"; readonly of: readonly Regex[] }
    | { readonly kind: "repeat"; readonly of: Regex; readonly min: number; readonly max: number }
    | { readonly kind: "not"; readonly of: Regex }
    | { readonly kind: "automaton"; readonly automaton: ByteAutomaton; readonly state: number }
  );

/** A language given by a deterministic automaton (numbers that are multiples of another, say). A text of the language
 * must be reachable from every state. The object is the identity. */
export interface ByteAutomaton {
  /** Bytes that are in the same of these sets lead from every state to the same state. */
  readonly sets: readonly ByteSet[];
  /** The state after a byte; −1: none. */
  next(state: number, byte: number): number;
  accepts(state: number): boolean;
}

type Shape = Regex extends infer R ? R extends Regex ? Omit<R, keyof Common> : never : never;

/** Makes and keeps the expressions of one constraint. */
export class RegexArena {
  /** The empty text alone. */
  readonly empty: Regex;
  /** No text at all. */
  readonly nothing: Regex;
  /** Every sequence of bytes, also such as are no UTF-8. */
  readonly everything: Regex;
  readonly #budget: Budget;
  /** Derivatives that derive.ts has made: id × 256 + byte → expression. */
  readonly derivatives = new Map<number, Regex>();
  readonly #known = new Map<string, Regex>();
  readonly #automata = new Map<ByteAutomaton, number>();
  readonly #bytes: (Regex | undefined)[] = [];

  constructor(budget: Budget) {
    this.#budget = budget;
    this.empty = this.#intern("e", { kind: "empty" }, true, true);
    this.nothing = this.bytes(bytesOfRanges());
    this.everything = this.#intern(`!${this.nothing.id}`, { kind: "not", of: this.nothing }, true, true);
  }

  /** This byte. */
  byte(byte: number): Regex {
    return this.#bytes[byte] ??= this.bytes(bytesOfRanges([byte, byte]));
  }

  /** One byte of a set. */
  bytes(set: ByteSet): Regex {
    return this.#intern(`c${keyOfBytes(set)}`, { kind: "class", set }, false, true);
  }

  /** One after the other. */
  concat(parts: readonly Regex[]): Regex {
    let joined = parts.at(-1) ?? this.empty;
    for (let i = parts.length - 2; i >= 0; i--) {
      for (const piece of piecesOf(parts[i]!).reverse()) joined = this.#pair(piece, joined);
    }
    return joined;
  }

  /** Any of them. */
  alt(parts: readonly Regex[]): Regex {
    return this.#alternatives(flatten("alt", parts));
  }

  /** All of them at once. */
  and(parts: readonly Regex[]): Regex {
    let set: ByteSet | null = null;
    const others = new Set<Regex>();
    for (const part of flatten("and", parts)) {
      if (part.kind === "class") set = set === null ? part.set : intersectBytes(set, part.set);
      else if (part !== this.everything) others.add(part);
    }
    const all = [...others, ...set === null ? [] : [this.bytes(set)]].sort(compareIds);
    if (all.includes(this.nothing)) return this.nothing;
    if (all.includes(this.empty)) return all.every((part) => part.nullable) ? this.empty : this.nothing;
    if (all.length === 0) return this.everything;
    if (all.length === 1) return all[0]!;
    if (all.some((part) => part.kind === "not" && others.has(part.of))) return this.nothing;
    const key = `&${all.map((part) => part.id).join(",")}`;
    return this.#intern(key, { kind: "and", of: all }, all.every((part) => part.nullable), false);
  }

  /** Every sequence of bytes that is not in it; for text alone, intersect with `anyText` of utf8.ts. */
  not(of: Regex): Regex {
    if (of.kind === "not") return of.of;
    return this.#intern(`!${of.id}`, { kind: "not", of }, !of.nullable, false);
  }

  /** The texts that an automaton accepts from this state on; state −1: none. */
  automaton(automaton: ByteAutomaton, state: number): Regex {
    if (state < 0) return this.nothing;
    let name = this.#automata.get(automaton);
    if (name === undefined) this.#automata.set(automaton, name = this.#automata.size);
    const shape = { kind: "automaton", automaton, state } as const;
    return this.#intern(`a${name},${state}`, shape, automaton.accepts(state), true);
  }

  /** Between `min` and `max` (Infinity: any number) times. */
  repeat(of: Regex, min: number, max: number): Regex {
    if (max === 0 || of === this.empty) return this.empty;
    if (of === this.nothing) return min === 0 ? this.empty : this.nothing;
    if (min === 1 && max === 1) return of;
    if (of.kind === "repeat" && of.min <= 1 && of.max === Infinity) {
      return this.repeat(of.of, of.min === 0 ? 0 : min, Infinity);
    }
    if (of === this.everything) return of;
    const least = of.nullable ? 0 : min;
    const shape = { kind: "repeat", of, min: least, max } as const;
    return this.#intern(`${of.id}{${least},${max}`, shape, least === 0, of.plain);
  }

  #pair(first: Regex, rest: Regex): Regex {
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    const [next, after] = rest.kind === "concat" ? [rest.first, rest.rest] : [rest, this.empty];
    const joined = this.#joined(first, next);
    if (joined !== null) return this.#pair(joined, after);
    const key = `.${first.id},${rest.id}`;
    const shape = { kind: "concat", first, rest } as const;
    return this.#intern(key, shape, first.nullable && rest.nullable, first.plain && rest.plain);
  }

  /** x{a,b}x{c,d} = x{a+c,b+d}. */
  #joined(a: Regex, b: Regex): Regex | null {
    if (a.kind !== "repeat" || b.kind !== "repeat" || a.of !== b.of) return null;
    return this.repeat(a.of, a.min + b.min, a.max + b.max);
  }

  #alternatives(parts: Iterable<Regex>): Regex {
    let set: ByteSet | null = null;
    const others = new Set<Regex>();
    for (const part of parts) {
      if (part === this.everything) return part;
      if (part.kind !== "class") others.add(part);
      else if (!isNoByte(part.set)) set = set === null ? part.set : uniteBytes(set, part.set);
    }
    if (set !== null) others.add(this.bytes(set));
    const all = this.#mergeRepeats(others).sort(compareIds);
    const withoutEmpty = all.filter((part) => part !== this.empty);
    const needed = withoutEmpty.some((part) => part.nullable) ? withoutEmpty : all;
    if (needed.length === 0) return this.nothing;
    if (needed.length === 1) return needed[0]!;
    const key = `|${needed.map((part) => part.id).join(",")}`;
    const shape = { kind: "alt", of: needed } as const;
    const nullable = needed.some((part) => part.nullable);
    return this.#intern(key, shape, nullable, needed.every((part) => part.plain));
  }

  /** x{a,b}y | x{c,d}y = x{a,d}y where the counts touch. Keeps counted loops from piling up alternatives. */
  #mergeRepeats(parts: ReadonlySet<Regex>): Regex[] {
    const merged: Regex[] = [];
    const groups = new Map<string, (readonly [min: number, max: number, of: Regex, rest: Regex])[]>();
    for (const part of parts) {
      const [head, rest] = part.kind === "concat" ? [part.first, part.rest] : [part, this.empty];
      if (head.kind !== "repeat") merged.push(part);
      else {
        const key = `${head.of.id},${rest.id}`;
        const entry = [head.min, head.max, head.of, rest] as const;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [entry]);
        else group.push(entry);
      }
    }
    for (const group of groups.values()) {
      group.sort((a, b) => a[0] - b[0]);
      let [min, max, of, rest] = group[0]!;
      for (const [low, high] of group.slice(1)) {
        if (low > max + 1) {
          merged.push(this.concat([this.repeat(of, min, max), rest]));
          [min, max] = [low, high];
        } else max = Math.max(max, high);
      }
      merged.push(this.concat([this.repeat(of, min, max), rest]));
    }
    return merged;
  }

  #intern(key: string, shape: Shape, nullable: boolean, plain: boolean): Regex {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#budget.spend("expressions");
    const made = { ...shape, id: this.#known.size, nullable, plain, begins: firstBytesOf(shape) } as Regex;
    this.#known.set(key, made);
    return made;
  }
}

const ANY_BYTE = bytesOfRanges([0, 255]);

function firstBytesOf(shape: Shape): ByteSet {
  switch (shape.kind) {
    case "empty":
      return bytesOfRanges();
    case "class":
      return shape.set;
    case "concat":
      return shape.first.nullable ? uniteBytes(shape.first.begins, shape.rest.begins) : shape.first.begins;
    case "alt":
      return shape.of.map((part) => part.begins).reduce(uniteBytes);
    case "and":
      return shape.of.map((part) => part.begins).reduce(intersectBytes);
    case "repeat":
      return shape.of.begins;
    case "not":
      return ANY_BYTE;
    case "automaton":
      return shape.automaton.sets.reduce(uniteBytes);
  }
}

function compareIds(a: Regex, b: Regex): number {
  return a.id - b.id;
}

function flatten(kind: "alt" | "and", parts: readonly Regex[]): readonly Regex[] {
  if (!parts.some((part) => part.kind === kind)) return parts;
  return parts.flatMap((part) => part.kind === kind ? part.of : [part]);
}

/** The parts of a concatenation, in order. */
export function piecesOf(regex: Regex): Regex[] {
  const pieces: Regex[] = [];
  let rest = regex;
  while (rest.kind === "concat") {
    pieces.push(rest.first);
    rest = rest.rest;
  }
  pieces.push(rest);
  return pieces;
}
