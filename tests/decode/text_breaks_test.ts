// Texts among tokens, over the bundled model's vocabulary. tests/clients/llamacpp_fields_test.ts holds what they do
// against a real llama.cpp server's DRY.
import assert from "node:assert/strict";
import { textBreaksOf } from "../../lib/decode/text_breaks.ts";
import { parseTokenizer } from "../../lib/text/codec.ts";

const bundled = new URL("../../models/HuggingFaceTB/SmolLM2-135M-Instruct/", import.meta.url);
const readText = (name: string) => Deno.readTextFileSync(new URL(name, bundled));
const codec = parseTokenizer(readText("tokenizer.json"), readText("tokenizer_config.json"));

/** Over the whole vocabulary: the tokens that have one of `texts`, and those that one begins in, with its rest. */
function read(...texts: string[]) {
  const breaks = textBreaksOf(texts, codec)!;
  const all = Array.from({ length: codec.size }, (_, id) => breaks(id).map((rest) => [id, ...rest])).flat();
  const written = all.map((run) => run.map((id) => new TextDecoder().decode(codec.bytes(id))));
  return {
    ids: written.filter(({ length }) => length === 1).flat(),
    runs: written.filter(({ length }) => length > 1).map((run) => run.join("|")),
  };
}

Deno.test("a text is whole in a token, or begins in one and goes on in the tokens of its rest", () => {
  const { ids, runs } = read("is on");
  assert.deepEqual(ids, []);
  assert.ok(runs.includes(" is| on") && runs.includes("is| on") && runs.includes("This| on"), runs.join(" "));
  assert.ok(runs.includes("i|s| on"), "the rest of i is encoded by itself");
  assert.ok(runs.every((run) => run.replaceAll("|", "").endsWith("is on")));
});

Deno.test("a token that has the whole text is one of its own, wherever it begins in it again", () => {
  const { ids, runs } = read("ana");
  assert.ok(ids.includes(" banana") || ids.includes("ana"), ids.join());
  assert.ok(runs.every((run) => run.includes("|")));
  assert.ok(!runs.some((run) => run.startsWith("ana|")));
});

Deno.test("several texts, characters of several bytes, and rests that begin within one", () => {
  const { ids, runs } = read("\n", "é—");
  assert.ok(ids.includes("\n") && ids.includes("\n\n"));
  assert.ok(runs.includes("é|—") && runs.includes(" é|—"), runs.join(" "));
  assert.ok(runs.every((run) => !run.includes("\ufffd|")), "the first byte of é alone begins no text");
});

Deno.test("only tokens that are asked about are looked at, each once, however many texts there are", () => {
  const texts = Array.from({ length: 128 }, (_, at) => `e${at}`);
  const looked: number[] = [];
  const counting = {
    has: (id: number) => codec.has(id),
    bytes: (id: number) => (looked.push(id), codec.bytes(id)),
    encode: codec.encode,
  };
  const [the, of] = [...codec.encode(" the"), ...codec.encode(" of")];
  for (let time = 0; time < 3; time++) {
    const breaks = textBreaksOf(texts, counting)!;
    assert.equal(breaks(the!).length, 128);
    assert.equal(breaks(of!).length, 0);
  }
  assert.deepEqual(looked, [the, of]);
  assert.equal(textBreaksOf([], counting), null);
});
