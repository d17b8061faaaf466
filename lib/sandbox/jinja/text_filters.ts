// Jinja2's filters for texts.
import { findOwn } from "../../basics/find_own.ts";
import type { Filter } from "./environment.ts";
import { asCount, asText, bind, withoutArguments } from "./python/arguments.ts";
import { escape } from "./python/operators.ts";
import { formatPercent } from "./python/percent.ts";
import { pythonJson, pythonText } from "./python/repr.ts";
import { sortValues } from "./python/compare.ts";
import { SPACE } from "../../basics/python_space.ts";
import { capitalize, replace, splitLines, strip } from "./python/text.ts";
import { unpack } from "./python/unpack.ts";
import { textMethods } from "./python/text_methods.ts";
import { countCodePoints, isTrue, itemsOf, iterate, sizeOf } from "./python/collections.ts";
import {
  type Arguments,
  checkSize,
  Dict,
  limitLength,
  Markup,
  textOf,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from "./python/values.ts";

/** A filter over str(value); a Markup stays one. */
const keepMarkup =
  (name: string, signature: string, make: (text: string, args: (Value | undefined)[]) => string): Filter =>
  (value, args) => {
    const made = make(pythonText(value), bind(name, signature, args));
    return value instanceof Markup ? new Markup(made) : made;
  };

/** The text without comments and tags; what is opened and not closed stays, with all behind it. A search for an end
 * that is not there is made once: from every "<" it took the square of the length. */
function withoutTags(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf("<"); start >= 0; start = text.indexOf("<", from)) {
    const [open, close] = text.startsWith("<!--", start) ? ["<!--", "-->"] as const : ["", ">"] as const;
    const end = text.indexOf(close, start + open.length);
    if (end < 0) break;
    parts.push(text.slice(from, start));
    from = end + close.length;
  }
  return parts.join("") + text.slice(from);
}

/** Jinja2's own title: a capital at the start and behind a space, a dash or an opening bracket. */
const beginnings = new RegExp(`[^-${SPACE}({[<]+`, "gu");
const capitalizeWords = (text: string) =>
  text.replace(beginnings, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });

function indent(value: Value, args: Arguments): Value {
  const [width = 4n, first = false, blank = false] = bind("indent", "width? first? blank?", args);
  const text = asText(value, "the text to indent");
  const columns = textOf(width) === null ? asCount(width, 4) : 0;
  checkSize(columns);
  const margin = textOf(width) ?? " ".repeat(Math.max(columns, 0));
  const [head = "", ...rest] = splitLines(`${text}\n`);
  const made = rest.map((line) => `\n${isTrue(blank) || line !== "" ? margin : ""}${line}`).join("");
  return limitLength((isTrue(first) ? margin : "") + head + made);
}

function toJson(value: Value, args: Arguments): Value {
  const [ascii, indent = null, separators = null, sortKeys] = bind(
    "tojson",
    "ensure_ascii? indent? separators? sort_keys?",
    args,
  );
  const columns = indent === null || textOf(indent) !== null ? 0 : asCount(indent, 0);
  checkSize(columns);
  const pair = separators === null ? null : itemsOf(separators).map((one) => asText(one, "a separator"));
  if (pair !== null && pair.length !== 2) throw new Error("tojson needs two separators");
  return limitLength(pythonJson(value, {
    ensureAscii: isTrue(ascii ?? false),
    indent: indent === null ? null : textOf(indent) ?? " ".repeat(Math.max(columns, 0)),
    separators: pair as [string, string] | null,
    sortKeys: isTrue(sortKeys ?? false) ? (keys) => sortValues(keys, (key) => key, false) : null,
  }));
}

function truncate(value: Value, args: Arguments): Value {
  const [length, killwords = false, end = "...", leeway = null] = bind(
    "truncate",
    "length? killwords? end? leeway?",
    args,
  );
  const [size, mark] = [sizeOf(value), asText(end, "end")];
  const [most, slack] = [asCount(length, 255), leeway === null ? 5 : asCount(leeway, 5)];
  if (most < countCodePoints(mark)) {
    throw new Error(`expected length >= ${countCodePoints(mark)}, got ${most}`);
  }
  if (slack < 0) throw new Error(`expected leeway >= 0, got ${slack}`);
  if (size !== null && size <= most + slack) return value;
  const text = Array.from(asText(value, "the text to truncate"));
  const kept = text.slice(0, most - countCodePoints(mark)).join("");
  const space = kept.lastIndexOf(" ");
  return (isTrue(killwords) || space < 0 ? kept : kept.slice(0, space)) + mark;
}

function format(value: Value, { positional, named }: Arguments): Value {
  if (positional.length > 0 && named.size > 0) {
    throw new Error("can't handle positional and keyword arguments at the same time");
  }
  return formatPercent(pythonText(value), named.size > 0 ? new Dict(named) : new Tuple(positional));
}

function quoteUrl(value: Value, inQuery: boolean): string {
  const encoded = encodeURIComponent(pythonText(value).toWellFormed())
    .replace(/[!*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return inQuery ? encoded.replaceAll("%20", "+") : encoded.replaceAll("%2F", "/");
}

function encodeUrl(value: Value): Value {
  if (textOf(value) !== null || iterate(value) === null) return quoteUrl(value, false);
  const pairs = value instanceof Dict ? value.entries() : itemsOf(value).map((pair) => unpack(pair, 2));
  return pairs.map(([key = null, one = null]) => `${quoteUrl(key, true)}=${quoteUrl(one, true)}`).join("&");
}

function writeAttributes(value: Value, args: Arguments): Value {
  const [autospace = true] = bind("xmlattr", "autospace?", args);
  if (!(value instanceof Dict)) throw new Error(`'${typeNameOf(value)}' object has no attribute 'items'`);
  const made = value.entries().filter(([, one]) => one !== null && !(one instanceof Undefined)).map(
    ([key, one]) => {
      const name = asText(key, "an attribute's name");
      if (/[ \t-\r/>=]/.test(name)) throw new Error(`Invalid character in attribute name: '${name}'`);
      return `${escape(name).text}="${escape(one).text}"`;
    },
  ).join(" ");
  return isTrue(autospace) && made !== "" ? ` ${made}` : made;
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\xa0",
};

function stripTags(value: Value): Value {
  const plain = withoutTags(pythonText(value));
  const words = plain.split(new RegExp(`[${SPACE}]+`, "u")).filter((word) => word !== "").join(" ");
  return words.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name === undefined) return String.fromCodePoint(parseInt(decimal ?? hex, decimal ? 10 : 16));
    const found = findOwn(entities, name);
    if (found === undefined) throw new Error(`striptags knows no ${all} here`);
    return found;
  });
}

function refuse(name: string): Filter {
  return () => {
    throw new Error(`the filter ${name} is not supported here`);
  };
}

export const textFilters: Readonly<Record<string, Filter>> = {
  capitalize: keepMarkup("capitalize", "", capitalize),
  lower: keepMarkup("lower", "", (text) => text.toLowerCase()),
  upper: keepMarkup("upper", "", (text) => text.toUpperCase()),
  title: withoutArguments("title", (value: Value) => {
    return capitalizeWords(pythonText(value));
  }),
  trim: keepMarkup(
    "trim",
    "chars?",
    (text, [characters = null]) =>
      strip(text, "both", characters === null ? null : asText(characters, "strip arg")),
  ),
  center: (value, args) => {
    const [width = 80n] = bind("center", "width?", args);
    const made = textMethods.center!(pythonText(value), { positional: [width], named: new Map() });
    return value instanceof Markup ? new Markup(pythonText(made)) : made;
  },
  replace: (value, args) => {
    const [from, to, count = null] = bind("replace", "old new count?", args);
    const most = count === null ? -1 : asCount(count, -1);
    return limitLength(replace(pythonText(value), pythonText(from!), pythonText(to!), most));
  },
  string: withoutArguments("string", (value: Value) => {
    return value instanceof Markup ? value : pythonText(value);
  }),
  indent: indent,
  truncate: truncate,
  format: format,
  wordcount: withoutArguments("wordcount", (value: Value) => {
    return BigInt(pythonText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0);
  }),
  tojson: toJson,
  safe: withoutArguments("safe", (value: Value) => {
    return new Markup(pythonText(value));
  }),
  e: withoutArguments("escape", escape),
  escape: withoutArguments("escape", escape),
  forceescape: withoutArguments("forceescape", (value: Value) => {
    return escape(pythonText(value));
  }),
  striptags: withoutArguments("striptags", stripTags),
  urlencode: withoutArguments("urlencode", encodeUrl),
  xmlattr: writeAttributes,
  urlize: refuse("urlize"),
  wordwrap: refuse("wordwrap"),
};
