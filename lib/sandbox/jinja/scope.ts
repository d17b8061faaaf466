// Variables where a template can see them: each body that has variables of its own is a scope in another one.
import { checkSize, Undefined, type Value } from "./python/values.ts";

export class Scope {
  readonly #parent: Scope | null;
  readonly #variables = new Map<string, Value>();

  constructor(parent: Scope | null, variables: Iterable<readonly [string, Value]> = []) {
    this.#parent = parent;
    for (const [name, value] of variables) this.set(name, value);
  }

  set(name: string, value: Value): void {
    this.#variables.set(name, value);
  }

  get(name: string): Value {
    for (let scope: Scope | null = this as Scope; scope !== null; scope = scope.#parent) {
      const value = scope.#variables.get(name);
      if (value !== undefined) return value;
    }
    return new Undefined(`'${name}' is undefined`);
  }
}

/** What a body writes. */
export class Output {
  readonly #parts: string[] = [];
  #length = 0;

  write(text: string): void {
    this.#length += text.length;
    checkSize(this.#length);
    this.#parts.push(text);
  }

  text(): string {
    return this.#parts.join("");
  }
}
