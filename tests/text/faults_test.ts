// Tokenizers that showed a fault once, as the reference reads or refuses them (fuzz_tokenizers.py).
import assert from "node:assert/strict";
import { createTextCodec } from "../../lib/text/codec.ts";
import { differencesOf, type Line } from "./reference_lines.ts";

const lines: Line[] = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/tokenizer_faults.json", import.meta.url)),
);

for (const line of lines) {
  Deno.test(`${line.name}: as the reference`, () => {
    assert.deepEqual([...differencesOf(line, () => {})], [], JSON.stringify(line.tokenizer));
  });
}

Deno.test("a pattern whose letters are one and several where case is ignored is refused by name", () => {
  const model = { type: "WordLevel", unk_token: "a", vocab: { a: 0 } };
  const split = (Regex: string) => {
    const pre_tokenizer = { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
    return createTextCodec({ model, pre_tokenizer }, {});
  };
  for (const source of ["(?i)ss", "(?i)ß", "a(?i:ﬁ)", "(?i)e\u0301", "(?i)[^\\P{Lu}]", "(?i)[a-z&&[^k]]"]) {
    assert.throws(() => split(source), /where case is ignored/, source);
  }
  for (const source of ["(?i:'s|'t|[sdmt]|ll|ve|re)|[a&&[^b]]", "ss(?i:a)", "(?i)[st]", "(?i)\\p{Lu}"]) {
    split(source);
  }
});
