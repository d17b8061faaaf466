// strftime of local time as the C locale writes it, whatever the language of the machine.
import { findOwn } from "../../../basics/find_own.ts";

const months = "January February March April May June July August September October November December".split(
  " ",
);
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** Text or number of one directive; `pad`: how the number is filled, and how far. */
type Field = (
  date: Date,
) => string | { readonly value: number; readonly width: number; readonly pad: string };

const writeNumber = (read: (date: Date) => number, width = 2, pad = "0"): Field => (date) => ({
  value: read(date),
  width,
  pad,
});
const writeText = (read: (date: Date) => string): Field => read;
/** Several directives in one. */
const writePattern = (directives: string): Field => (date) => formatDate(date, directives);
const hour12 = (date: Date) => date.getHours() % 12 || 12;

const fields: Readonly<Record<string, Field>> = {
  a: writeText((date) => days[date.getDay()]!.slice(0, 3)),
  A: writeText((date) => days[date.getDay()]!),
  b: writeText((date) => months[date.getMonth()]!.slice(0, 3)),
  h: writeText((date) => months[date.getMonth()]!.slice(0, 3)),
  B: writeText((date) => months[date.getMonth()]!),
  c: writePattern("%a %b %e %H:%M:%S %Y"),
  C: writeNumber((date) => Math.floor(date.getFullYear() / 100)),
  d: writeNumber((date) => date.getDate()),
  D: writePattern("%m/%d/%y"),
  e: writeNumber((date) => date.getDate(), 2, " "),
  f: writeText((date) => String(date.getMilliseconds() * 1000).padStart(6, "0")),
  F: writePattern("%Y-%m-%d"),
  g: writeNumber((date) => isoWeekOf(date).year % 100),
  G: writeNumber((date) => isoWeekOf(date).year, 1),
  H: writeNumber((date) => date.getHours()),
  I: writeNumber(hour12),
  j: writeNumber(dayOfYear, 3),
  k: writeNumber((date) => date.getHours(), 2, " "),
  l: writeNumber(hour12, 2, " "),
  m: writeNumber((date) => date.getMonth() + 1),
  M: writeNumber((date) => date.getMinutes()),
  n: writeText(() => "\n"),
  p: writeText((date) => date.getHours() < 12 ? "AM" : "PM"),
  P: writeText((date) => date.getHours() < 12 ? "am" : "pm"),
  r: writePattern("%I:%M:%S %p"),
  R: writePattern("%H:%M"),
  s: writeNumber((date) => Math.floor(date.getTime() / 1000), 1),
  S: writeNumber((date) => date.getSeconds()),
  t: writeText(() => "\t"),
  T: writePattern("%H:%M:%S"),
  u: writeNumber((date) => date.getDay() || 7, 1),
  U: writeNumber((date) => Math.floor((dayOfYear(date) + 6 - date.getDay()) / 7)),
  V: writeNumber((date) => isoWeekOf(date).week),
  w: writeNumber((date) => date.getDay(), 1),
  W: writeNumber((date) => Math.floor((dayOfYear(date) + 6 - (date.getDay() + 6) % 7) / 7)),
  x: writePattern("%m/%d/%y"),
  X: writePattern("%H:%M:%S"),
  y: writeNumber((date) => date.getFullYear() % 100),
  Y: writeNumber((date) => date.getFullYear(), 1),
  z: writeText(() => ""), // datetime.now() knows no time zone
  Z: writeText(() => ""),
  "%": writeText(() => "%"),
};

/** `date.strftime(pattern)` with the directives of glibc, their flags and widths. Throws for an unknown
 * directive. */
export function formatDate(date: Date, directives: string): string {
  return directives.replace(
    /%([-_0^#]*)(\d*)[EO]?([^])?/gu,
    (all, flags: string, width: string, name?: string) => {
      const field = name === undefined ? undefined : findOwn(fields, name);
      if (field === undefined) throw new Error(`strftime_now: "${all}" is no directive that is known here`);
      return writeField(field(date), flags, width, name!);
    },
  );
}

function writeField(made: ReturnType<Field>, flags: string, width: string, name: string): string {
  const flag = /[-_0]/.exec(flags.split("").reverse().join(""))?.[0];
  const isText = typeof made === "string";
  const pad = flag === "_" ? " " : flag === "0" ? "0" : isText ? " " : made.pad;
  const least = Number(width || (isText || flag === "-" ? 0 : made.width));
  if (least > 1024) throw new Error("strftime_now: a width is at most 1024");
  const plain = (isText ? made : String(made.value)).padStart(least, pad);
  if (flags.includes("^")) return plain.toUpperCase();
  if (!flags.includes("#")) return plain;
  return name === "p" ? plain.toLowerCase() : plain.toUpperCase();
}

/** 1 on the first of January. */
function dayOfYear(date: Date): number {
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function isoWeekOf(date: Date): { year: number; week: number } {
  const thursday = new Date(
    date.getFullYear(),
    date.getMonth(),
    date.getDate() + 3 - (date.getDay() + 6) % 7,
  );
  return { year: thursday.getFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}
