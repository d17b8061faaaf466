// Texts as a trie over UTF-16 units.
import { PairTable } from "./pair_table.ts";

export class Trie {
  readonly #children: PairTable;
  readonly #values: number[] = [-1];

  /** `entries`: texts and their numbers from 0; of two equal texts the last one counts. */
  constructor(entries: readonly (readonly [text: string, value: number])[]) {
    this.#children = new PairTable(4 * entries.length);
    for (const [text, value] of entries) this.#insert(text, value);
  }

  #insert(text: string, value: number): void {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      let child = this.#children.get(node, unit);
      if (child < 0) {
        child = this.#values.push(-1) - 1;
        this.#children.set(node, unit, child);
      }
      node = child;
    }
    this.#values[node] = value;
  }

  /** The node below `node` (the root is 0) by a UTF-16 unit; -1 where there is none. */
  child(node: number, unit: number): number {
    return this.#children.get(node, unit);
  }

  /** Number of the text that ends at a node; -1 where none does. */
  value(node: number): number {
    return this.#values[node]!;
  }

  /** The node of a whole text; -1 where no entry begins with it. */
  node(text: string): number {
    let node = 0;
    for (let at = 0; at < text.length && node >= 0; at++) node = this.child(node, text.charCodeAt(at));
    return node;
  }

  /** The longest entry that the text has at `start`, below `node`: its number and where it ends; null where none is. */
  longest(text: string, start: number, node = 0): { value: number; end: number } | null {
    let value = -1;
    let end = start;
    for (let at = start; at < text.length && node >= 0;) {
      node = this.child(node, text.charCodeAt(at++));
      if (node < 0 || this.value(node) < 0) continue;
      value = this.value(node);
      end = at;
    }
    return value < 0 ? null : { value, end };
  }
}
