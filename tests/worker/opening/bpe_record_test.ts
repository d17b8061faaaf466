import assert from "node:assert/strict";
import { join } from "node:path";
import { readEosTokenIds } from "../../../lib/hub/folder/config.ts";
import { shortHash } from "../../../lib/basics/sha256.ts";
import { createTextCodec } from "../../../lib/text/codec.ts";
import { bpeRecord } from "../../../lib/worker/opening/bpe_record.ts";

const LETTERS = [..."abcdefghijklmnopé"];
const PAIRS = LETTERS.flatMap((a) => LETTERS.map((b) => [a, b]));
const MERGES = [...PAIRS, ...PAIRS.flatMap(([a, b]) => LETTERS.map((c) => [a! + b!, c]))];
const TOKENS = [...LETTERS, ...MERGES.map((pair) => pair.join(""))];

/** A tokenizer with as many merges as pay. */
const whole = {
  version: "1.0",
  model: { type: "BPE", vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id])), merges: MERGES },
  added_tokens: [],
};
const write = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

async function withRecord(
  use: (record: ReturnType<typeof bpeRecord>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(bpeRecord(folder), join(folder, "tokenizers"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("with its remembered vocabulary and merges a tokenizer is the same", async () => {
  await withRecord(async (record, folder) => {
    const bytes = write(whole);
    assert.equal(await record.parse(bytes), null, "nothing is known yet");
    await record.keep({ bytes, json: whole });
    const [{ name }] = await Array.fromAsync(Deno.readDir(folder)) as [Deno.DirEntry];
    const path = join(folder, name);
    const known = await record.parse(bytes);
    const emptied = (json: unknown) => {
      const { model, ...rest } = json as typeof whole;
      return JSON.stringify({ ...rest, model: { ...model, vocab: {}, merges: [] } });
    };
    assert.equal(emptied(known), emptied(whole));
    const { vocab } = known!.model as unknown as { vocab: Iterable<[string, number]> };
    assert.deepEqual([...vocab], Object.entries(whole.model.vocab), "in the order of the file");
    const [fresh, remembered] = [createTextCodec(whole, {}), createTextCodec(known, {})];
    for (
      const text of ["", "a", "éa", "abcdefghijk", "ppppppppp", "caféaéiou"]
    ) {
      assert.deepEqual(remembered.encode(text), fresh.encode(text));
    }
    assert.equal(remembered.size, fresh.size);
    const ends = readEosTokenIds({}, null, { eos_token: "ab" }, known!);
    assert.deepEqual([ends, ends.length], [readEosTokenIds({}, null, { eos_token: "ab" }, whole), 1]);
    const kept = await Deno.readFile(path);
    for (const at of [0, 5, 9, 14, 1000, kept.length - 1]) {
      const damaged = kept.slice();
      damaged[at]! ^= 4;
      await Deno.writeFile(path, damaged);
      assert.equal(await record.parse(bytes), null, `byte ${at} is another`);
    }
    await Deno.writeFile(path, kept.subarray(0, kept.length - 12));
    assert.equal(await record.parse(bytes), null, "it was cut off");
  });
});

Deno.test("a record under the name of another tokenizer is none, though all in it is whole", async () => {
  await withRecord(async (record, folder) => {
    await record.keep({ bytes: write(whole), json: whole });
    const [{ name }] = await Array.fromAsync(Deno.readDir(folder)) as [Deno.DirEntry];
    const [a = "", b = ""] = LETTERS;
    const swapped = { ...whole, model: { ...whole.model, vocab: { ...whole.model.vocab, [a]: 1, [b]: 0 } } };
    const other = write(swapped); // its vocabulary and merges lie at the same places
    await Deno.copyFile(join(folder, name), join(folder, await shortHash([other])));
    assert.equal(await record.parse(other), null);
    await record.keep({ bytes: other, json: swapped });
    const known = await record.parse(other);
    assert.deepEqual(createTextCodec(known, {}).encode(b), [0]);
  });
});

Deno.test("merges are remembered only where leaving them out leaves nothing else out, and where it pays", async () => {
  const { model } = whole;
  const others: Record<string, [Uint8Array<ArrayBuffer>, unknown]> = {};
  const add = (name: string, json: unknown, bytes = write(json)) => others[name] = [bytes, json];
  add("another list of that name", { ...whole, model: { ...model, more: { merges: [[1]] } } });
  add("few merges", { ...whole, model: { ...model, merges: model.merges.slice(0, 100) } });
  add("another kind", { ...whole, model: { ...model, type: "WordLevel" } });
  add("a merge of no tokens", {
    ...whole,
    model: { ...model, merges: [...model.merges, ["?", "\u0000\u0000"]] },
  });
  const infinite = new TextDecoder().decode(write(whole)).replace('"version":"1.0"', '"version":Infinity');
  add("what JSON has not", { ...whole, version: Infinity }, new TextEncoder().encode(infinite));
  await withRecord(async (record, folder) => {
    for (const [name, [bytes, json]] of Object.entries(others)) {
      await record.keep({ bytes, json: json as typeof whole });
      await assert.rejects(Deno.stat(folder), Deno.errors.NotFound, name);
    }
    const strange = {
      ...whole,
      model: { ...model, merges: model.merges.map((pair) => pair.join(" ")) },
    };
    await record.keep({ bytes: write(strange), json: strange });
    assert.notEqual(await record.parse(write(strange)), null, "pairs in one string are merges as well");
  });
  await bpeRecord(null).keep({ bytes: write(whole), json: whole }); // nowhere
  assert.equal(await bpeRecord(null).parse(write(whole)), null);
});
