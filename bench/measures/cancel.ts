// How soon a long prefill ends when its client is gone.
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import { ask, BUNDLED_FOLDER, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";

const TOKENS = 2048;
/** Moments of the abort, in milliseconds after the start: early, and in later and later chunks. */
const MOMENTS = [60, 250, 500, 800, 1200, 1700];

export const cancel: Part = {
  name: "cancel",
  about: "from the abort of a prefill of 2,048 tokens to its end (native)",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const native = await open(BUNDLED_FOLDER, "native");
    const samples: number[] = [];
    let finished = 0;
    for (const [round, moment] of MOMENTS.slice(0, quick ? 2 : MOMENTS.length).entries()) {
      const controller = new AbortController();
      let aborted = 0;
      const timer = setTimeout(() => {
        aborted = performance.now();
        controller.abort();
      }, moment);
      const path = pathOf(5000 + round, TOKENS, native.vocabSize);
      const running = ask(new LogitsSource(native, 0), path, controller.signal);
      const ended = await running.then(() => false, (error) => {
        if (!controller.signal.aborted) throw error;
        return true;
      });
      if (ended) samples.push(performance.now() - aborted);
      else finished++;
      clearTimeout(timer);
    }
    if (finished > 0) report.note(`${finished} prefills were done before their abort.`);
    if (samples.length > 0) report.add("abort → runner free", "ms", samples);
    await native.dispose();
  },
};
