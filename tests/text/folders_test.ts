// Tokens that tokenizer_config.json, special_tokens_map.json and added_tokens.json add or change, as Transformers reads
// them (fuzz_folders.py).
import assert from "node:assert/strict";
import { withOlderFiles } from "../../lib/hub/folder/config.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { readNamedTokens } from "../../lib/text/tokenizer_config.ts";
import { comparisonsOf, readFolderLines } from "./folder_lines.ts";

Deno.test("folders of every age are read as Transformers reads them", async () => {
  const lines = await readFolderLines("tokenizer_folders");
  assert.ok(lines.length >= 50);
  for (const line of lines) {
    for (const [what, theirs, ours] of comparisonsOf(line)) {
      assert.deepEqual(ours, theirs, `${line.name}: ${what}`);
    }
  }
});

const words = {
  added_tokens: [],
  model: { type: "WordLevel", unk_token: "a", vocab: { a: 0, b: 1 } },
  decoder: { type: "Fuse" },
};

Deno.test("a token that only the config names gets the next id, and is not counted with the file's", () => {
  const codec = createTextCodec(words, { pad_token: "<pad>" });
  assert.deepEqual(codec.encode("a<pad>"), [0, 2]);
  assert.deepEqual([codec.size, codec.unlisted, codec.isSpecial(2)], [2, ["<pad>"], true]);
});

Deno.test("names that only one model has: a text or an object that says it is a token, the config's before the map's", () => {
  const model = { type: "WordLevel", unk_token: "?", vocab: { "?": 0, "a": 1, "a ": 2 } };
  const object = { content: "<img>", lstrip: true }; // takes the space before it
  const cases: [Parameters<typeof withOlderFiles>, ids: number[], names: Record<string, string>][] = [
    [[{ image_token: object }, null, null], [0], {}],
    [[{ image_token: { __type: "AddedToken", ...object } }, null, null], [1, 3], { image_token: "<img>" }],
    [[{ image_token: "<img>" }, { image_token: object }, null], [2, 3], { image_token: "<img>" }],
    [[{ additional_special_tokens: { x: "<img>" } }, null, null], [2, 3], { x: "<img>" }],
    [[{ additional_special_tokens: null }, { additional_special_tokens: ["<img>"] }, null], [0], {}],
  ];
  for (const [files, ids, names] of cases) {
    const config = withOlderFiles(...files);
    assert.deepEqual(createTextCodec({ model }, config).encode("a <img>"), ids, JSON.stringify(files));
    assert.deepEqual(readNamedTokens(config), names, JSON.stringify(files));
  }
});

Deno.test("a config whose lists hold what is no token is refused by name", () => {
  const refused: [unknown, RegExp][] = [
    [{ added_tokens_decoder: 7 }, /its added_tokens_decoder is no object/],
    [{ added_tokens_decoder: { 5: "x" } }, /its added_tokens_decoder 5 holds what is no token/],
    [{ additional_special_tokens: [null] }, /its additional_special_tokens holds what is no token/],
  ];
  for (const [config, sentence] of refused) assert.throws(() => createTextCodec(words, config), sentence);
});
