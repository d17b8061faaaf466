// Python's "{} of {name!r:>10}".format(a, name=b).
import { pythonText, quote, writeLiteral } from "./repr.ts";
import { formatValue } from "./spec.ts";
import { type Arguments, limitLength, textOf, type Value } from "./values.ts";

/** How a field's attributes and items are read. */
export interface Access {
  attribute(object: Value, name: string): Value;
  item(object: Value, key: Value): Value;
}

/** `pattern.format(*args, **named)`. Throws for what Python refuses. */
export function formatBraces(pattern: string, args: Arguments, access: Access): string {
  return limitLength(new Formatter(args, access).format(pattern, 2));
}

class Formatter {
  readonly #args: Arguments;
  readonly #access: Access;
  #next = 0;
  #numbered = false;

  constructor(args: Arguments, access: Access) {
    this.#args = args;
    this.#access = access;
  }

  format(pattern: string, depth: number): string {
    if (depth < 0 && /[{}]/.test(pattern)) throw new Error("Max string recursion exceeded");
    let made = "";
    let at = 0;
    while (at < pattern.length) {
      const character = pattern.charAt(at);
      if (character !== "{" && character !== "}") {
        made += character;
        at++;
      } else if (pattern.charAt(at + 1) === character) {
        made += character;
        at += 2;
      } else {
        const end = character === "{" ? endOfField(pattern, at) : -1;
        if (end < 0) throw new Error(`Single '${character}' encountered in format string`);
        made += this.#field(pattern.slice(at + 1, end), depth);
        at = end + 1;
      }
    }
    return made;
  }

  #field(field: string, depth: number): string {
    const [, path = "", conversion, spec = ""] =
      /^((?:\[[^\]]*\]|[^![:])*)(?:!([^:]*))?(?::(.*))?$/s.exec(field) ?? [];
    const value = convert(this.#lookup(path), conversion);
    return formatValue(value, this.format(spec, depth - 1));
  }

  /** A number with an attribute or an item behind it does not count, as in `string.Formatter`. */
  #checkNumbering(path: string): void {
    if (!/^\d*$/.test(path)) return;
    if (path === "" ? this.#numbered : this.#next > 0) {
      throw new Error("cannot mix automatic field numbering and manual field specification");
    }
    if (path !== "") this.#numbered = true;
  }

  #lookup(path: string): Value {
    this.#checkNumbering(path);
    const [, first = "", rest = ""] = /^([^.[]*)(.*)$/s.exec(path)!;
    let value = this.#argument(first);
    for (const [, name, key] of rest.matchAll(/\.([^.[]*)|\[([^\]]*)\]/gs)) {
      value = name !== undefined
        ? this.#access.attribute(value, name)
        : this.#access.item(value, /^\d+$/.test(key!) ? BigInt(key!) : key!);
    }
    return value;
  }

  #argument(name: string): Value {
    const isNumber = /^\d*$/.test(name);
    const { positional, named } = this.#args;
    const found = isNumber ? positional[name === "" ? this.#next++ : Number(name)] : named.get(name);
    if (found !== undefined) return found;
    throw new Error(
      isNumber ? "Replacement index out of range for positional args" : `format has no ${quote(name)}`,
    );
  }
}

/** Index of the "}" that ends the field at `start`; -1 where there is none. */
function endOfField(pattern: string, start: number): number {
  let depth = 0;
  for (let at = start; at < pattern.length; at++) {
    if (pattern.charAt(at) === "{") depth++;
    else if (pattern.charAt(at) === "}" && --depth === 0) return at;
  }
  return -1;
}

function convert(value: Value, conversion: string | undefined): Value {
  if (conversion === undefined) return value;
  if (conversion === "s") return pythonText(value);
  if (conversion === "r") return writeLiteral(value);
  const text = textOf(value);
  if (conversion === "a") return text === null ? writeLiteral(value) : quote(text, true);
  throw new Error(`Unknown conversion specifier ${conversion || "!"}`);
}
