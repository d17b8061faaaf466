// Two results side by side: new divided by old, below 1 is faster or smaller.
import { number, type Result } from "./report.ts";

/** Reads an earlier result. Throws an Error with a sentence where the file holds none. */
export async function readResult(path: string): Promise<Result> {
  const value: unknown = JSON.parse(await Deno.readTextFile(path));
  const known = typeof value === "object" && value !== null && "version" in value && value.version === 1;
  if (!known) throw new Error(`${path} holds no result of this version of the bench.`);
  return value as Result;
}

/** The lines of the comparison: metrics that both have, then what only one has. */
export function compareResults(old: Result, now: Result): string[] {
  const key = ({ part, name }: { part: string; name: string }) => `${part}: ${name}`;
  const before = new Map(old.metrics.map((metric) => [key(metric), metric]));
  const lines = [
    `\nCompared with ${old.commit ?? "unknown"} of ${old.when} (new / old; below 1 is better)`,
    ...warnings(old, now),
    `  ${"".padEnd(60)}${
      ["min", "new", "ratio", "median", "new", "ratio"].map((s) => s.padStart(9)).join("")
    }`,
  ];
  for (const metric of now.metrics) {
    const earlier = before.get(key(metric));
    if (earlier === undefined) {
      lines.push(`  ${key(metric)}: only in the new result`);
      continue;
    }
    const columns = [
      ...[earlier.min, metric.min, metric.min / earlier.min],
      ...[earlier.median, metric.median, metric.median / earlier.median],
    ];
    const numbers = columns.map((value) => number(value).padStart(9)).join("");
    lines.push(`  ${`${key(metric)} [${metric.unit}]`.padEnd(60)}${numbers}`);
  }
  const present = new Set(now.metrics.map(key));
  const missing = old.metrics.map(key).filter((name) => !present.has(name));
  if (missing.length > 0) lines.push(`  ${missing.length} metrics of the old result were not measured now`);
  return lines;
}

/** What makes two results hard to compare. */
function warnings(old: Result, now: Result): string[] {
  const differs = Object.entries(now.machine)
    .filter(([name, value]) => old.machine[name as keyof Result["machine"]] !== value)
    .map(([name, value]) => `${name} ${old.machine[name as keyof Result["machine"]]} → ${value}`);
  if (old.quick !== now.quick) differs.push("one of them is --quick");
  const loads = `load average ${number(old.load.before)} then, ${number(now.load.before)} now`;
  return [...differs.map((text) => `  ! ${text}`), `  ${loads}`];
}
