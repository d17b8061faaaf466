import { strict as assert } from "node:assert";
import fc from "fast-check";
import { faultOf } from "../../lib/fault.ts";
import { findLayout } from "../../lib/runners/layout.ts";
import type { ElementType, TensorInfo } from "../../lib/ort/types.ts";

const info = (name: string, shape: (number | string)[], type: ElementType = "int64"): TensorInfo => ({
  name,
  type,
  shape,
});
const IDS = info("input_ids", ["batch", "sequence"]);
const KEEP = info("num_logits_to_keep", []);
const LOGITS = info("logits", ["batch", "sequence", 400], "float32");
const CONFIG = { num_attention_heads: 6, num_key_value_heads: 2, hidden_size: 48, vocab_size: 123 };

const SCHEMES: Record<
  string,
  [past: (layer: number, role: string) => string, present: (layer: number, role: string) => string]
> = {
  optimum: [(l, r) => `past_key_values.${l}.${r}`, (l, r) => `present.${l}.${r}`],
  short: [(l, r) => `past.${l}.${r}`, (l, r) => `present.${l}.${r}`],
  underscores: [(l, r) => `past_${r}_${l}`, (l, r) => `present_${r}_${l}`],
  "underscored layers": [(l, r) => `past_key_values_${l}_${r}`, (l, r) => `present_key_values_${l}_${r}`],
  "long present": [(l, r) => `past_key_values.${l}.${r}`, (l, r) => `present_key_values.${l}.${r}`],
  decoder: [(l, r) => `past_key_values.${l}.decoder.${r}`, (l, r) => `present.${l}.decoder.${r}`],
  "kv": [(l, r) => `kv_${l}_${r}`, (l, r) => `kv_out_${l}_${r}`],
  "modules": [
    (l, r) => `model.layers.${l}.self_attn.${r}_cache`,
    (l, r) => `model.layers.${l}.self_attn.${r}_cache_updated`,
  ],
  sides: [(l, r) => `input_past_key_values.${l}.${r}`, (l, r) => `output_present.${l}.${r}`],
  initials: [(l, r) => `cache_${l}_${r[0]}`, (l, r) => `present_${l}_${r[0]}`],
};

Deno.test("layout: caches pair by layer and role, whatever the naming and the order", () => {
  const shuffled = <T>(items: T[], keys: number[]) =>
    items.map((item, index) => ({ item, key: keys[index % keys.length] ?? 0 })).sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  fc.assert(fc.property(
    fc.constantFrom(...Object.keys(SCHEMES)),
    fc.integer({ min: 1, max: 24 }),
    fc.array(fc.double({ noNaN: true }), { minLength: 7, maxLength: 60 }),
    (scheme, layers, keys) => {
      const [past, present] = SCHEMES[scheme] ?? assert.fail();
      const places = Array.from({ length: layers }, (_, l) => [[l, "key"], [l, "value"]] as const).flat();
      const inputs = places.map(([l, r]) => info(past(l, r), ["b", 3, "past", 16], "float32"));
      const outputs = places.map(([l, r]) => info(present(l, r), ["b", 3, "total", 16], "float32"));
      const layout = findLayout(
        shuffled([IDS, KEEP, ...inputs], keys),
        shuffled([...outputs, LOGITS], keys),
        {},
      );
      assert.deepEqual(
        layout.slots,
        places.map(([l, r]) => ({
          input: past(l, r),
          output: present(l, r),
          type: "float32" as const,
          dims: [1, 3, "tokens", 16],
          batchAxis: 0,
        })),
      );
    },
  ));
});

const PAST = info("past_key_values.0.key", ["batch", 2, "past", 8], "float16");
const PRESENT = info("present.0.key", ["batch", 2, "total", 8], "float16");

Deno.test("layout: everything that is there is found, and null says what is not", () => {
  const mask = info("attention_mask", ["batch", "total"]);
  const positions = info("position_ids", ["batch", "sequence"]);
  const full = findLayout([IDS, mask, positions, PAST, KEEP], [LOGITS, PRESENT], CONFIG, true);
  assert.deepEqual(full, {
    inputIds: "input_ids",
    integers: [
      { name: "input_ids", type: "int64", rank: 2, first: 1 },
      { name: "attention_mask", type: "int64", rank: 2, first: 1 },
      { name: "position_ids", type: "int64", rank: 2, first: 1 },
      { name: "num_logits_to_keep", type: "int64", rank: 0, first: 1 },
    ],
    logits: { name: "logits", type: "float32" },
    vocabSize: 400,
    slots: [{
      input: PAST.name,
      output: PRESENT.name,
      type: "float16",
      dims: [1, 2, "tokens", 8],
      batchAxis: 0,
    }],
    sharedBuffers: true,
  });
  const bare = findLayout([IDS, info("logits_to_keep", [1])], [LOGITS], CONFIG, true);
  assert.deepEqual(bare.integers.map(({ name, rank }) => [name, rank]), [["input_ids", 2], [
    "logits_to_keep",
    1,
  ]]);
  assert.deepEqual(bare.slots, []);
  assert.equal(bare.sharedBuffers, false);
});

Deno.test("layout: sizes come from shapes first, then from config.json, flat, nested or in GPT-2's words", () => {
  const past = info(PAST.name, ["b", "heads", "past", "size"], "float32");
  const present = info(PRESENT.name, ["b", "heads", "total", "size"], "float32");
  const logits = info("logits", ["b", "s", "vocab"], "float32");
  const sizes = (config: unknown, output = present) => {
    const { slots: [slot], vocabSize } = findLayout([IDS, KEEP, past], [logits, output], config);
    return [slot?.dims[1], slot?.dims[3], vocabSize];
  };
  assert.deepEqual(sizes(CONFIG), [2, 8, 123]);
  assert.deepEqual(sizes({ ...CONFIG, head_dim: 32 }), [2, 32, 123]);
  assert.deepEqual(sizes({ text_config: CONFIG }), [2, 8, 123]);
  assert.deepEqual(sizes({ n_head: 4, n_embd: 64, vocab_size: 9 }), [4, 16, 9]);
  assert.deepEqual(sizes(CONFIG, info(PRESENT.name, ["b", 5, "total", 7], "float32")), [5, 7, 123]);
  assert.throws(() => sizes({ vocab_size: 9 }), /past_key_values\.0\.key.*config\.json/);
  assert.throws(
    () => sizes({ num_attention_heads: 7, hidden_size: 48, vocab_size: 9 }),
    /how many key-value heads/,
  );
  assert.throws(() => sizes({ num_attention_heads: 6, hidden_size: 48 }), /how many tokens/);
});

const REFUSALS: [name: string, inputs: TensorInfo[], outputs: TensorInfo[], sentence: RegExp][] = [
  ["no input_ids", [info("x", ["n"])], [LOGITS], /no input "input_ids".*its inputs are "x"/],
  [
    "an encoder's states",
    [IDS, info("encoder_hidden_states", ["b", "s", 8], "float32")],
    [LOGITS],
    /encoder-decoder/,
  ],
  ["decoder_input_ids", [info("decoder_input_ids", ["b", "s"])], [LOGITS], /encoder-decoder/],
  ["embeddings only", [info("inputs_embeds", ["b", "s", 8], "float32")], [LOGITS], /takes embeddings/],
  [
    "images",
    [IDS, KEEP, info("pixel_values", ["b", 3, 8, 8], "float32")],
    [LOGITS],
    /more than text.*pixel_values/,
  ],
  [
    "an unknown input",
    [IDS, KEEP, info("beam_idx", ["b"], "int32")],
    [LOGITS],
    /do not know: "beam_idx"/,
  ],
  [
    "a state of another kind",
    [IDS, KEEP, info("past_conv.0", ["b", 8, 3], "float32")],
    [LOGITS],
    /"past_conv\.0"/,
  ],
  [
    "no logits",
    [IDS, KEEP],
    [info("last_hidden_state", ["b", "s", 8], "float32")],
    /no output "logits".*last_hidden_state/,
  ],
  ["flat logits", [IDS, KEEP], [info("logits", ["b", 400], "float32")], /logits of 3 dimensions but found 2/],
  ["integer logits", [IDS, KEEP], [info("logits", ["b", "s", 400], "int32")], /logits are int32/],
  ["an uncut graph", [IDS], [LOGITS], /number of logits to keep/],
  [
    "positions of four dimensions",
    [IDS, KEEP, info("position_ids", [3, "b", "s", 2])],
    [LOGITS],
    /"position_ids" to have 1 or 2 or 3 dim/,
  ],
  [
    "positions that are no integers",
    [IDS, KEEP, info("position_ids", ["b", "s"], "float32")],
    [LOGITS],
    /"position_ids" to hold int64 or int32 but found float32/,
  ],
  [
    "a cache without a shape",
    [IDS, KEEP, info(PAST.name, [], "float32")],
    [LOGITS, info(PRESENT.name, [], "float32")],
    /does not say which shape its cache "past_key_values\.0\.key" has/,
  ],
  [
    "a cache of fixed length",
    [IDS, KEEP, info(PAST.name, [1, 2, 512, 8], "float32")],
    [LOGITS, info(PRESENT.name, [1, 2, 512, 8], "float32")],
    /"past_key_values\.0\.key" has room for a fixed number of tokens \(its shape is 1 × 2 × 512 × 8\)/,
  ],
  [
    "a state that may grow along two axes",
    [IDS, KEEP, info("past_conv.0", ["batch", "rows", "columns"], "float32")],
    [LOGITS, info("present_conv.0", ["batch", "rows", "columns"], "float32")],
    /"past_conv\.0" \(batch × rows × columns\).*do not say which axis counts tokens/,
  ],
  ["a past without present", [IDS, KEEP, PAST], [LOGITS], /reads the cache "past_key_values\.0\.key"/],
  [
    "a quantised cache",
    [IDS, KEEP, { ...PAST, type: "int8" }],
    [LOGITS, { ...PRESENT, type: "int8" }],
    /cache holds int8/,
  ],
  [
    "a cache that changes type",
    [IDS, KEEP, PAST],
    [LOGITS, { ...PRESENT, type: "float32" }],
    /holds float16 but/,
  ],
];

for (const [name, inputs, outputs, sentence] of REFUSALS) {
  Deno.test(`layout: ${name} is refused with a sentence`, () => {
    assert.throws(() => findLayout(inputs, outputs, CONFIG), (error) => {
      assert.equal(faultOf(error)?.code, "model_failed");
      assert.match((error as Error).message, sentence);
      return true;
    });
  });
}

Deno.test("layout: a graph whose logits have no place for positions, or are none, says so before anything else", () => {
  const flat = info("logits", ["batch", 400], "float32"); // its graph was not cut either
  assert.throws(() => findLayout([IDS], [flat], {}), /Expected logits of 3 dimensions but found 2/);
  const other = info("lm_logits", ["batch", "sequence", 400], "float32");
  assert.throws(() => findLayout([IDS], [other], {}), /no output "logits".* it gives "lm_logits"/);
});
