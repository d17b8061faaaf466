// How much there is in a value with all that it holds. A list may hold another one twice, which holds a third one
// twice: a few steps make what no memory has room for once it is written, compared or copied, and those walk without
// looking at the clock. So such a value is refused when it is made.
import { Dict, isList, ITEM, LIMIT, Namespace, textOf, Tuple, type Value, View } from "./values.ts";

/** The weights of one rendering's values. */
export class Weights {
  readonly #known = new WeakMap<object, number>();
  readonly #open = new Set<Namespace>(); // those that are being weighed: one may hold itself
  #namespaces = 0; // seen so far

  /** Throws where `value` holds too much. */
  check(value: Value): void {
    if (typeof value === "object" && value !== null) this.#weigh(value);
  }

  #weigh(value: Value): number {
    const text = textOf(value);
    if (text !== null) return ITEM + text.length;
    if (value instanceof Namespace) return this.#weighNamespace(value);
    const parts = partsOf(value);
    if (parts === null) return ITEM;
    const known = this.#known.get(parts.holder);
    if (known !== undefined) return known;
    const namespaces = this.#namespaces;
    const weight = this.#sum(parts.items());
    // What holds a namespace grows with it, and is weighed again.
    if (this.#namespaces === namespaces) this.#known.set(parts.holder, weight);
    return weight;
  }

  #weighNamespace(value: Namespace): number {
    this.#namespaces++;
    if (this.#open.has(value)) return ITEM;
    this.#open.add(value);
    try {
      return this.#sum(value.attributes.entries().flat());
    } finally {
      this.#open.delete(value);
    }
  }

  #sum(items: readonly Value[]): number {
    let weight = ITEM;
    for (const item of items) {
      weight += this.#weigh(item);
      if (weight > LIMIT) {
        throw new Error(
          `it makes a value that holds more than ${LIMIT} characters, of which each item counts ${ITEM}`,
        );
      }
    }
    return weight;
  }
}

/** What a value holds, and the object that is the same as long as that is; null for one that holds nothing. */
function partsOf(value: Value): { readonly holder: object; readonly items: () => readonly Value[] } | null {
  if (isList(value)) return { holder: value, items: () => value };
  if (value instanceof Tuple) return { holder: value, items: () => value.items };
  const dict = value instanceof View ? value.dict : value;
  return dict instanceof Dict ? { holder: dict, items: () => dict.entries().flat() } : null;
}
