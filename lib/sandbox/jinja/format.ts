// Python's text formatting: "%s of %d" % (a, b), "{} {name}".format(...), and dates.
import { floatText, pythonLiteral, pythonText } from "./python.ts";
import { isFloat, isMapping, isTuple, numberOf, typeName, type Value } from "./values.ts";

/** `pattern % value`: %s %r %d %i %f %x %%, with flags, width and precision. */
export function formatText(pattern: string, value: Value): string {
  const args = isTuple(value) ? [...value.value] : [value];
  const made = pattern.replace(
    /%(?:\((\w+)\))?([-0+ ]*)(\d*)(?:\.(\d+))?([sdirfgxX%])/g,
    (
      _,
      name: string | undefined,
      flags: string,
      width: string,
      precision: string | undefined,
      kind: string,
    ) => {
      if (kind === "%") return "%";
      const argument = name !== undefined && isMapping(value) ? value.value.get(name) : args.shift();
      if (argument === undefined) throw new Error("not enough arguments for format string");
      return padded(formatOne(argument, kind, precision), flags, Number(width));
    },
  );
  if (isTuple(value) && args.length > 0) {
    throw new Error("not all arguments converted during string formatting");
  }
  return made;
}

function formatOne(value: Value, kind: string, precision: string | undefined): string {
  if (kind === "s") {
    return pythonText(value).slice(0, precision === undefined ? undefined : Number(precision));
  }
  if (kind === "r") return pythonLiteral(value);
  const number = numberOf(value);
  if (number === null) throw new Error(`%${kind} format: a real number is required, not ${typeName(value)}`);
  if (kind === "d" || kind === "i") return String(Math.trunc(number));
  if (kind === "f") return number.toFixed(Number(precision ?? 6));
  if (kind === "g") return String(Number(number.toPrecision(Number(precision ?? 6))));
  return kind === "x" ? number.toString(16) : number.toString(16).toUpperCase();
}

function padded(made: string, flags: string, width: number): string {
  const signed = flags.includes("+") && !made.startsWith("-") ? `+${made}` : made;
  if (flags.includes("-")) return signed.padEnd(width);
  return signed.padStart(width, flags.includes("0") ? "0" : " ");
}

/** `pattern.format(*args, **named)` with {}, {0}, {name} and {:.2f}. */
export function formatBraces(pattern: string, args: readonly Value[], named: Map<string, Value>): string {
  let next = 0;
  return pattern.replace(
    /\{\{|\}\}|\{(\w*)(?::([^}]*))?\}/g,
    (all, name: string | undefined, spec: string | undefined) => {
      if (all === "{{" || all === "}}") return all.charAt(0);
      const key = name ?? "";
      const argument = key === "" ? args[next++] : /^\d+$/.test(key) ? args[Number(key)] : named.get(key);
      if (argument === undefined) throw new Error(`format() has no argument for "${all}"`);
      return formatSpec(argument, spec ?? "");
    },
  );
}

function formatSpec(value: Value, spec: string): string {
  const [, fill = " ", align = "", width = "0", precision, kind = ""] =
    /^(?:(.)?([<>^]))?(\d*)(?:\.(\d+))?([a-zA-Z%]?)$/u.exec(spec) ?? [];
  const made = kind === "" || kind === "s"
    ? isFloat(value) ? floatText(value.value) : pythonText(value)
    : formatOne(value, kind, precision);
  const space = Math.max(Number(width) - made.length, 0);
  const before = align === "^"
    ? Math.floor(space / 2)
    : align === ">" || align === "" && numberOf(value) !== null
    ? space
    : 0;
  return fill.repeat(before) + made + fill.repeat(space - before);
}

const months = "January February March April May June July August September October November December".split(
  " ",
);
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** strftime of local time in English, whatever the language of the machine. */
export function formatDate(date: Date, pattern: string): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const month = months[date.getMonth()] ?? "";
  const day = days[date.getDay()] ?? "";
  const fields: Readonly<Record<string, string>> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    e: String(date.getDate()).padStart(2),
    B: month,
    b: month.slice(0, 3),
    A: day,
    a: day.slice(0, 3),
    H: two(date.getHours()),
    I: two(date.getHours() % 12 || 12),
    p: date.getHours() < 12 ? "AM" : "PM",
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    "%": "%",
  };
  return pattern.replace(/%(-?)([a-zA-Z%])/g, (all, plain: string, field: string) => {
    const value = fields[field];
    if (value === undefined) return all;
    return plain === "-" ? value.replace(/^0(?=.)/, "") : value;
  });
}
