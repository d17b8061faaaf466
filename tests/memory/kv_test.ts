// Keys and values of texts that grow side by side, beside arrays that come and go: what they leave behind.
import assert from "node:assert/strict";
import { openOrt, type Ort } from "../../lib/ort/api.ts";
import { findLibrary } from "../../lib/ort/library.ts";
import { viewMemory } from "../../lib/ort/tensor.ts";
import { keepFreedMemory } from "../../lib/ort/trim_memory.ts";
import { KvStore, type NativeKv } from "../../lib/runners/native/kv.ts";
import type { CacheSlot } from "../../lib/runners/types.ts";

const [HEADS, WIDTH] = [3, 64];
/** As the bundled model's. */
const SLOTS: readonly CacheSlot[] = Array.from({ length: 60 }, (_, at) => ({
  ...{
    input: `past ${at}`,
    output: `present ${at}`,
    type: "float32",
    dims: [1, HEADS, "tokens", WIDTH],
    batchAxis: 0,
  },
}));
const [TEXTS, PROMPT, TOKENS] = [20, 40, 240];
const KEPT_ARRAYS = 100;
const ARRAY_FLOATS = 49_152;

const residentMegabytes = () => Deno.memoryUsage().rss / 1e6;

Deno.test({
  name: "keys and values of texts that have gone are the system's again",
  ignore: Deno.build.os !== "linux",
  fn() {
    keepFreedMemory();
    const ort = openOrt(findLibrary(import.meta.dirname!));
    const store = new KvStore(ort, { slots: SLOTS, sharedBuffers: true }, 8192);
    const arrays: Float32Array[] = [];
    let texts: NativeKv[] = Array.from({ length: TEXTS }, () => store.empty(PROMPT));
    const before = residentMegabytes();
    for (let length = 0; length < TOKENS; length += PROMPT) {
      texts = texts.map((kv) => {
        store.claim(kv, PROMPT);
        arrays.push(new Float32Array(ARRAY_FLOATS).fill(1)); // as logits that are remembered
        if (arrays.length > KEPT_ARRAYS) arrays.shift();
        return write(ort, store.advance(kv, new Array(PROMPT).fill(1), null), length);
      });
    }
    const written = residentMegabytes() - before;
    for (const kv of texts) store.release(kv);
    const left = residentMegabytes() - before;
    const bytes = TEXTS * TOKENS * SLOTS.length * HEADS * WIDTH * 4;
    assert.ok(written > bytes / 1e6, `${written} MB hold what was written`);
    assert.ok(left < written - 0.9 * bytes / 1e6, `${left} of ${written} MB are left`);
    store.close();
  },
});

/** Writes what a run writes behind the first `from` tokens: a place of 64 numbers for each token and head. */
function write(ort: Ort, kv: NativeKv, from: number): NativeKv {
  const { table, capacity } = kv.buffers;
  for (const address of table) {
    const value = Deno.UnsafePointer.create(address)!;
    const numbers = new Float32Array(viewMemory(ort, value, HEADS * capacity * WIDTH * 4));
    for (let head = 0; head < HEADS; head++) {
      numbers.fill(1, (head * capacity + from) * WIDTH, (head * capacity + kv.length) * WIDTH);
    }
  }
  return kv;
}
