// Memory of a process that is a worker and nothing else: after the load, and along 1,000 clicks on ten paths.
import { ask, BUNDLED_FOLDER, createCachedSource, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import type { Figure } from "../report.ts";

const PATHS = 10;
const PROMPT = 16;

export const memory: Part = {
  name: "memory",
  about: "resident memory of this process: native runner, 1,000 clicks on ten paths",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const rss = () => Deno.memoryUsage().rss / 1e6;
    report.add("before the model", "MB", [rss()]);
    const native = await open(BUNDLED_FOLDER, "native");
    report.add("model open", "MB", [rss()]);
    const source = createCachedSource(native);
    const clicks = quick ? 100 : 1000;
    for (let path = 0; path < PATHS; path++) {
      const ids = pathOf(path, PROMPT, native.vocabSize);
      for (let i = 0; i < clicks / PATHS; i++) {
        const { logits } = await ask(source, ids);
        ids.push(bestOf(logits));
      }
      if ([0, PATHS / 2 - 1, PATHS - 1].includes(path)) {
        const kv: Figure = { label: "of it KV cache", value: bytesOf(source) / 1e6, unit: "MB", goal: null };
        report.add(`after ${(path + 1) * clicks / PATHS} clicks`, "MB", [rss()], kv);
      }
    }
    source.clear();
    await native.dispose();
  },
};

function bytesOf(source: { readonly counters: { readonly cache: { readonly bytes: number } } }): number {
  return source.counters.cache.bytes;
}

function bestOf(logits: Float32Array): number {
  return logits.reduce((best, logit, id) => logit > logits[best]! ? id : best, 0);
}
