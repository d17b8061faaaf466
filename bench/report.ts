// What a run found: printed as it comes, and as one JSON value at the end.
import { summarise, type Summary } from "./stats.ts";

/** A number that belongs beside a metric: a ratio to another one of the same run, or the same thing in another unit. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly unit: string; // "×" for ratios
  /** What the issues ask for, in words; null = nothing. */
  readonly goal: string | null;
}

/** One thing measured, less is better. */
export interface Metric extends Summary {
  readonly part: string;
  readonly name: string;
  readonly unit: string;
  readonly figures: readonly Figure[];
}

export interface Result {
  readonly version: 1;
  readonly when: string; // ISO 8601
  readonly commit: string | null;
  readonly machine: {
    readonly os: string;
    readonly arch: string;
    readonly processors: number;
    readonly deno: string;
  };
  readonly quick: boolean;
  readonly load: { readonly before: number; readonly after: number }; // averages over one minute
  readonly metrics: readonly Metric[];
  readonly notes: readonly { readonly part: string; readonly text: string }[];
}

const COLUMNS = ["min", "median", "p95", "max"] as const;
const NAME_WIDTH = 46;

/** Collects and prints. `print` gets whole lines. */
export class Report {
  readonly metrics: Metric[] = [];
  readonly notes: { part: string; text: string }[] = [];
  readonly #print: (line: string) => void;
  #part = "";

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Begins a part: a heading and the head of its table. */
  begin(part: string, about: string): void {
    this.#part = part;
    this.#print(`\n${part}: ${about}`);
    const heads = COLUMNS.map((column) => column.padStart(9)).join("");
    this.#print(`  ${"".padEnd(NAME_WIDTH)}${heads}     n  beside`);
  }

  add(name: string, unit: string, samples: readonly number[], ...figures: readonly Figure[]): void {
    const metric: Metric = { part: this.#part, name, unit, ...summarise(samples), figures };
    this.metrics.push(metric);
    const numbers = COLUMNS.map((column) => number(metric[column]).padStart(9)).join("");
    const beside = figures.map(figureText).join("; ");
    const label = `${name} [${unit}]`.padEnd(NAME_WIDTH);
    this.#print(`  ${label}${numbers}${String(metric.count).padStart(6)}  ${beside}`.trimEnd());
  }

  /** Something to be read: what was left out, or went wrong. */
  note(text: string): void {
    this.notes.push({ part: this.#part, text });
    this.#print(`  ! ${text}`);
  }

  /** A line of progress, which is not part of the result. */
  say(text: string): void {
    this.#print(`  ${text}`);
  }
}

/** A ratio of two measurements of the same run. */
export function ratio(value: number, label: string, goal: string | null = null): Figure {
  return { label, value, unit: "×", goal };
}

function figureText({ label, value, unit, goal }: Figure): string {
  const wanted = goal === null ? "" : ` (goal: ${goal})`;
  return `${number(value)} ${unit}${label === "" ? "" : ` ${label}`}${wanted}`;
}

/** About three significant digits, more where they are whole. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4;
  return Number.isInteger(value) ? String(value) : value.toFixed(digits);
}
