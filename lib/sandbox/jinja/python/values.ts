// The values of a template, as Python has them: str is a string, int a bigint, float a number, None null, list an
// array. Every text and list that is made here is bounded, so that a template can't fill the memory.

export type Value =
  | string
  | bigint
  | number
  | boolean
  | null
  | readonly Value[]
  | Tuple
  | Dict
  | View
  | Range
  | Stream
  | Markup
  | Namespace
  | Undefined
  | Host;

/** What a key is in a dict: numbers that are equal are one key. */
type HashKey = string | bigint | number | null | Host | Stream | Namespace;

export class Tuple {
  readonly items: readonly Value[];
  /** Names of the items, where they are attributes too. */
  readonly names: readonly string[];

  constructor(items: readonly Value[], names: readonly string[] = []) {
    this.items = items;
    this.names = names;
  }
}

/** A dict; keys in the order they came. */
export class Dict {
  readonly #entries = new Map<HashKey, readonly [key: Value, value: Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(hashKey(key))?.[1];
  }

  set(key: Value, value: Value): void {
    const hash = hashKey(key);
    this.#entries.set(hash, [this.#entries.get(hash)?.[0] ?? key, value]);
  }

  entries(): (readonly [Value, Value])[] {
    return [...this.#entries.values()];
  }
}

/** dict.keys(), dict.values() or dict.items(). */
export class View {
  readonly kind: "keys" | "values" | "items";
  readonly dict: Dict;

  constructor(kind: View["kind"], dict: Dict) {
    this.kind = kind;
    this.dict = dict;
  }

  items(): Value[] {
    const entries = this.dict.entries();
    if (this.kind === "items") return entries.map((entry) => new Tuple(entry));
    return entries.map(([key, value]) => this.kind === "keys" ? key : value);
  }
}

export class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  readonly length: number;

  /** `step` is not 0. */
  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    const count = step > 0n ? (stop - start + step - 1n) / step : (start - stop - step - 1n) / -step;
    this.length = count < 0n ? 0 : Number(count);
  }

  at(index: number): bigint {
    return this.start + BigInt(index) * this.step;
  }

  items(): bigint[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }
}

/** A generator or iterator: it can be read once. */
export class Stream {
  readonly iterator: Iterator<Value>;
  /** What Python calls it in `<… object>`. */
  readonly name: string;

  constructor(items: Iterable<Value>, name = "generator") {
    this.iterator = items[Symbol.iterator]();
    this.name = name;
  }
}

/** Text that counts as escaped HTML; what is added to it is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = limitLength(text);
  }
}

export class Namespace {
  readonly attributes: Dict;

  constructor(attributes: Dict) {
    this.attributes = attributes;
  }
}

/** What a name or attribute that there is not gives: it prints as nothing, and any use of it throws `message`. */
export class Undefined {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Arguments of a call. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

interface HostParts {
  /** Name of the Python type. */
  readonly type: string;
  readonly repr?: () => string;
  readonly member?: (name: string) => Value | undefined;
  readonly call?: (args: Arguments) => Value;
  /** What a `for` over it gives; a length is that of a sized object. */
  readonly items?: () => Iterable<Value>;
  readonly length?: () => number;
}

/** A function, macro, loop or other object of the environment. */
export class Host {
  readonly parts: HostParts;

  constructor(parts: HostParts) {
    this.parts = parts;
  }
}

/** A function of the environment as a value. */
export function createCallable(name: string, call: (args: Arguments) => Value): Host {
  return new Host({ type: `function ${name}`, call });
}

/** Characters of a text that a template may make: a request has 1 MiB, a context of a million tokens as much text as
 * this. */
export const LIMIT = 4 * 1024 * 1024;

/** An item takes at least as much room as so many characters. */
export const ITEM = 4;

/** The same text. Throws where it is too long. */
export function limitLength(made: string): string {
  checkSize(made.length);
  return made;
}

/** Throws where a text of this length is more than a template may make. */
export function checkSize(length: number): void {
  if (length > LIMIT) throw new Error(`it makes a text of more than ${LIMIT} characters`);
}

/** Throws where a list of so many items is more than a template may make. */
export function checkItems(count: number): void {
  if (count > LIMIT / ITEM) throw new Error(`it makes a list of more than ${LIMIT / ITEM} items`);
}

/** A value as the key of a Map: equal where Python's are. Throws where Python has no hash of it. */
export function hashKey(key: Value): HashKey {
  if (typeof key === "boolean") return BigInt(key);
  if (typeof key === "number") return Number.isInteger(key) ? BigInt(key) : key;
  if (typeof key === "bigint" || key === null) return key;
  const text = textOf(key);
  // What is no text begins with U+0000, and a text that does begins with two of them.
  if (text !== null) return text.startsWith("\0") ? `\0${text}` : text;
  if (key instanceof Tuple) return `\0tuple ${key.items.map((item) => typedKeyOf(hashKey(item))).join(" ")}`;
  if (key instanceof Undefined) return "\0undefined";
  if (key instanceof Range) return `\0range ${key.start} ${key.step} ${key.length}`;
  if (key instanceof Host || key instanceof Stream || key instanceof Namespace) return key;
  throw new Error(`unhashable type: '${typeNameOf(key)}'`);
}

function typedKeyOf(key: HashKey): string {
  return `${typeof key}:${JSON.stringify(String(key))}`;
}

/** Whether the value can be called. */
export function isCallable(value: Value): value is Host {
  return value instanceof Host && value.parts.call !== undefined;
}

/** The text of a str, also of a Markup; null for any other value. */
export function textOf(value: Value): string | null {
  if (typeof value === "string") return value;
  return value instanceof Markup ? value.text : null;
}

/** Python's name of a value's type. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "boolean":
      return "bool";
  }
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (value instanceof View) return `dict_${value.kind}`;
  if (value instanceof Stream) return value.name;
  if (value instanceof Host) return value.parts.type;
  return (value as object).constructor.name.replace(/^(Tuple|Dict|Range)$/, (name) => name.toLowerCase());
}

/** Whether the value is a Python list (a tuple is none). */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
