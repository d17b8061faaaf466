// Compares the codec with the lines that fuzz_tokenizers.py wrote, and prints what differs.
import { differencesOf, type Line } from "./reference_lines.ts";

const counts: Record<string, number> = {};
const count = (what: string) => counts[what] = (counts[what] ?? 0) + 1;
for (const text of (await Deno.readTextFile(Deno.args[0] ?? "")).trimEnd().split("\n")) {
  const line: Line = JSON.parse(text);
  for (const difference of differencesOf(line, count)) {
    count(difference.what);
    console.log(JSON.stringify({ name: line.name, ...difference }));
  }
}
console.log(JSON.stringify(counts, null, 1));
