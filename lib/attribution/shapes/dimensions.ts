// Dimensions as products of numbers and symbols: 4, "length", "3*length". Equal texts mean equal sizes.

/** A size: a number, or the name of one that is known when the graph runs. */
export type Dim = number | string;

/** The size of a product, in one spelling: the number first, then the symbols in order. */
export function productOf(dims: readonly Dim[]): Dim {
  const { factor, symbols } = splitFactors(dims);
  return spellDimension(factor, symbols);
}

/** The size of a sum in one spelling, or null where a term is a product. */
export function sumOf(dims: readonly Dim[]): Dim | null {
  const number = dims.reduce<number>((sum, dim) => typeof dim === "number" ? sum + dim : sum, 0);
  const symbols = dims.filter((dim) => typeof dim === "string").sort();
  if (symbols.some((symbol) => symbol.includes("*"))) return null;
  if (symbols.length === 0) return number;
  const terms = [...symbols, ...number === 0 ? [] : [String(number)]];
  return terms.length === 1 ? terms[0]! : `(${terms.join("+")})`;
}

/** `whole` / `part`, or null where it is not sure to come out even. */
export function quotientOf(whole: readonly Dim[], part: readonly Dim[]): Dim | null {
  const [above, below] = [splitFactors(whole), splitFactors(part)];
  const left = [...above.symbols];
  for (const symbol of below.symbols) {
    const place = left.indexOf(symbol);
    if (place < 0) return null;
    left.splice(place, 1);
  }
  const factor = above.factor / below.factor;
  return Number.isInteger(factor) ? spellDimension(factor, left) : null;
}

/** The size of an axis that is as long as what it goes with, or 1. */
export function oneOrAllOf(name: string): Dim {
  return `${ONE_OR_ALL}${name}`;
}

const ONE_OR_ALL = "1|";

/** The size of an axis that two values are broadcast to, or null where only the run can tell. */
export function broadcastDim(a: Dim, b: Dim): Dim | null {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  if (`${a}`.startsWith(ONE_OR_ALL)) return `${b}`.startsWith(ONE_OR_ALL) ? null : b;
  if (`${b}`.startsWith(ONE_OR_ALL)) return a;
  if (typeof a === "number") return a; // a symbol beside it is this number or 1
  return typeof b === "number" ? b : null;
}

function splitFactors(dims: readonly Dim[]): { factor: number; symbols: string[] } {
  let factor = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    for (const part of typeof dim === "number" ? [dim] : dim.split("*")) {
      const number = Number(part);
      if (Number.isNaN(number)) symbols.push(String(part));
      else factor *= number;
    }
  }
  return { factor, symbols };
}

function spellDimension(factor: number, symbols: readonly string[]): Dim {
  if (symbols.length === 0 || factor === 0) return factor;
  return [...factor === 1 ? [] : [String(factor)], ...[...symbols].sort()].join("*");
}
