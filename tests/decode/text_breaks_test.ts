// Texts among tokens, over the bundled model's vocabulary. tests/clients/llamacpp_fields_test.ts holds what they do
// against a real llama.cpp server's DRY.
import assert from "node:assert/strict";
import { tokensWith } from "../../lib/decode/text_breaks.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { parseTokenizer } from "../../lib/text/codec.ts";

const bundled = new URL("../../models/HuggingFaceTB/SmolLM2-135M-Instruct/", import.meta.url);
const readText = (name: string) => Deno.readTextFileSync(new URL(name, bundled));
const codec = parseTokenizer(readText("tokenizer.json"), readText("tokenizer_config.json"));
const model = { codec, vocabSize: codec.size } as LanguageModel;

async function read(...texts: string[]) {
  const { value } = await tokensWith({ model_key: null, texts }, model).next();
  const { ids, runs } = value as { ids: readonly number[]; runs: readonly (readonly number[])[] };
  const textOf = (id: number) => new TextDecoder().decode(codec.bytes(id));
  return { ids: ids.map(textOf), runs: runs.map((run) => run.map(textOf).join("|")) };
}

Deno.test("a text is whole in a token, or begins in one and goes on in the tokens of its rest", async () => {
  const { ids, runs } = await read("is on");
  assert.deepEqual(ids, []);
  assert.ok(runs.includes(" is| on") && runs.includes("is| on") && runs.includes("This| on"), runs.join(" "));
  assert.ok(runs.includes("i|s| on"), "the rest of i is encoded by itself");
  assert.ok(runs.every((run) => run.replaceAll("|", "").endsWith("is on")));
});

Deno.test("a token that has the whole text is one of its own, wherever it begins in it again", async () => {
  const { ids, runs } = await read("ana");
  assert.ok(ids.includes(" banana") || ids.includes("ana"), ids.join());
  assert.ok(runs.every((run) => run.includes("|")));
  assert.ok(!runs.some((run) => run.startsWith("ana|")));
});

Deno.test("several texts, characters of several bytes, and rests that begin within one", async () => {
  const { ids, runs } = await read("\n", "é—");
  assert.ok(ids.includes("\n") && ids.includes("\n\n"));
  assert.ok(runs.includes("é|—") && runs.includes(" é|—"), runs.join(" "));
  assert.ok(runs.every((run) => !run.includes("\ufffd|")), "the first byte of é alone begins no text");
});
