import assert from "node:assert/strict";
import { pieceOf } from "../../../lib/text/file/piece.ts";
import { createPreTokenizer } from "../../../lib/text/pre_tokenizers/pre_tokenizer.ts";
import { toStandIns } from "../../../lib/text/unicode/stand_ins.ts";

const byteLevel = { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: false };
const split = { type: "Split", pattern: { Regex: "Ġ[^Ġ]*" }, behavior: "Isolated", invert: false };

Deno.test("a long part that the next step cuts is rewritten with rests, and the same", () => {
  const text = "é 🦜 ".repeat(30_000);
  const cutter = createPreTokenizer({ type: "Sequence", pretokenizers: [byteLevel, split] }).createCutter();
  for (let time = 0; time < 2; time++) { // the first one is left half-way
    cutter.begin(pieceOf(text));
    cutter.next();
  }
  cutter.begin(pieceOf(text));
  let rests = 0; // before the first part
  const parts: string[] = [];
  for (let part = cutter.next(); part !== undefined; part = cutter.next()) {
    if (part !== null) parts.push(part.text);
    else if (parts.length === 0) rests++;
  }
  assert.equal(parts.join(""), toStandIns(` ${text}`));
  assert.equal(parts.length, 2 * 30_000 + 1);
  assert.ok(rests > 2, `${rests} rests`);
});
