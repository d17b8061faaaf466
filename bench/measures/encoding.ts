// Long texts through the bundled tokenizer, no model: ordinary ones, and those that make one endless word.
import type { Bench, Part } from "../part.ts";
import { inRounds, measureTime } from "../stats.ts";
import { readBundledCodec } from "../vocabulary.ts";

const LONG = 2 ** 20;

export const encoding: Part = {
  name: "encoding",
  about: "a mebibyte of text to ids and back, no model",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const codec = await readBundledCodec();
    const texts: Readonly<Record<string, string>> = {
      "prose": "Once upon a time, 3 owls said ½ 🦜 nothing.\n".repeat(LONG / 44),
      "spaces": " ".repeat(LONG),
      "base64 of 400 kB": base64(300_000),
    };
    for (const [name, text] of Object.entries(texts)) {
      const ids = codec.encode(text);
      const samples = await inRounds(quick ? 1 : 5, {
        encode: async () => [await measureTime(() => codec.encode(text))],
        decode: async () => [await measureTime(() => codec.decode(ids))],
      });
      const median = samples.encode.toSorted((a, b) => a - b)[samples.encode.length >> 1]!;
      report.add(`${name}: encode`, "ms", samples.encode, {
        ...{ label: "median", unit: "ms", goal: "< 1,000 ms", value: median },
      });
      report.add(`${name}: decode`, "ms", samples.decode);
    }
  },
};

/** Bytes that look random, and are the same each time. */
export function base64(length: number): string {
  let state = 1;
  const next = () => state = state * 48_271 % 2_147_483_647;
  return btoa(Array.from({ length }, () => String.fromCharCode(next() & 255)).join(""));
}
