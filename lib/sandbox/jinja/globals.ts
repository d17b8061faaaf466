// The functions that every template has: Jinja2's, and those that Transformers adds.
import { findOwn } from "../../basics/find_own.ts";
import { bind, takePositional } from "./python/arguments.ts";
import { formatDate } from "./python/dates.ts";
import { dictFromKeys } from "./python/methods.ts";
import { indexOf } from "./python/numbers.ts";
import { pythonText } from "./python/repr.ts";
import { itemsOf } from "./python/collections.ts";
import {
  type Arguments,
  createCallable,
  Dict,
  Host,
  Namespace,
  Range,
  textOf,
  Undefined,
  type Value,
} from "./python/values.ts";

/** Jinja2's own sandbox has the same limit. */
const LONGEST_RANGE = 100_000;

/** What raise_exception throws: the cause tells it from a mistake of the template. */
export const REFUSAL = "raise_exception";

function range(args: Arguments): Range {
  const [first, second, third] = bind("range", "start stop? step? /", args);
  const start = second === undefined ? 0n : indexOf(first!);
  const stop = second === undefined ? first! : second;
  const step = third === undefined ? 1n : indexOf(third);
  if (step === 0n) throw new Error("range() arg 3 must not be zero");
  const made = new Range(start, indexOf(stop), step);
  if (made.length <= LONGEST_RANGE) return made;
  throw new Error(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${LONGEST_RANGE}).`);
}

function dict({ positional, named }: Arguments): Dict {
  if (positional.length > 1) throw new Error(`dict expected at most 1 argument, got ${positional.length}`);
  const [from] = positional;
  if (from instanceof Undefined) throw new Error(from.message);
  const pairs = from instanceof Dict
    ? from.entries()
    : from === undefined
    ? []
    : itemsOf(from).map((pair, at) => {
      const [key, value, ...more] = itemsOf(pair);
      if (key !== undefined && value !== undefined && more.length === 0) return [key, value] as const;
      throw new Error(`dictionary update sequence element #${at} has the wrong length; 2 is required`);
    });
  return new Dict([...pairs, ...named]);
}

function namespace(args: Arguments): Namespace {
  const attributes = dict(args);
  for (const [name] of attributes.entries()) checkName(textOf(name) ?? "");
  return new Namespace(attributes);
}

/** Names that a namespace may not have. Throws. */
export function checkName(name: string): void {
  if (!name.startsWith("_")) return;
  throw new Error(
    `Chat templates cannot store underscore-prefixed attributes on a namespace, but got '${name}'`,
  );
}

function joiner(args: Arguments): Host {
  const [mark = ", "] = bind("joiner", "sep?", args);
  let used = false;
  return createCallable("joiner", () => {
    if (used) return mark;
    used = true;
    return "";
  });
}

function cycler(args: Arguments): Host {
  const items = takePositional("cycler", args);
  if (items.length === 0) throw new Error("at least one item has to be provided");
  let at = 0;
  const members: Readonly<Record<string, () => Value>> = {
    current: () => items[at]!,
    reset: () =>
      createCallable("reset", () => {
        at = 0;
        return null;
      }),
    next: () =>
      createCallable("next", () => {
        const item = items[at]!;
        at = (at + 1) % items.length;
        return item;
      }),
  };
  return new Host({
    type: "Cycler",
    member: (name) => findOwn(members, name)?.(),
  });
}

/** Where Transformers defines its own classes: their text says so. */
const COMPILER = "transformers.utils.chat_template_utils._cached_compile_jinja_template.<locals>";

function classOf(name: string, call: (args: Arguments) => Value): Host {
  return new Host({ type: "type", repr: () => `<class '${name}'>`, call });
}

/** By name. */
export const globalValues: Readonly<Record<string, Value>> = {
  range: createCallable("range", range),
  dict: new Host({
    type: "TemplateDict",
    call: dict,
    member: (name) => name === "fromkeys" ? createCallable(name, dictFromKeys) : undefined,
  }),
  namespace: classOf(`${COMPILER}.TemplateNamespace`, namespace),
  joiner: classOf("jinja2.utils.Joiner", joiner),
  cycler: classOf("jinja2.utils.Cycler", cycler),
  lipsum: createCallable("lipsum", () => {
    throw new Error("lipsum() is not supported here");
  }),
  raise_exception: createCallable("raise_exception", (args) => {
    const [message] = bind("raise_exception", "message", args);
    throw new Error(pythonText(message!), { cause: REFUSAL });
  }),
  strftime_now: createCallable("strftime_now", (args) => {
    const [format] = bind("strftime_now", "format", args);
    const text = textOf(format!);
    if (text === null) throw new Error("strftime_now() argument must be str");
    return formatDate(new Date(), text);
  }),
};
