// How long a whole context takes that nothing is known of, chunk by chunk as the worker computes it.
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { ask, BUNDLED_FOLDER, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { type Figure, ratio } from "../report.ts";
import { inRounds, measureTime, minimumRatio, summarise } from "../stats.ts";

export const prefill: Part = {
  name: "prefill",
  about: "a whole context, nothing cached, in the worker's chunks",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const [native, addon] = [await open(BUNDLED_FOLDER, "native"), await open(BUNDLED_FOLDER, "addon")];
    let seed = 100;
    const whole = (runner: LmRunner, length: number) => async () => {
      const path = pathOf(seed++, length, runner.vocabSize);
      return [await measureTime(() => ask(new LogitsSource(runner, 0), path))];
    };
    for (const length of quick ? [128, 512] : [128, 512, 1024]) {
      const samples = await inRounds(quick ? 1 : length > 512 ? 2 : 3, {
        native: whole(native, length),
        addon: whole(addon, length),
      });
      const faster = ratio(minimumRatio(samples.addon, samples.native), "faster than the addon");
      report.add(`${length} tokens, native`, "ms", samples.native, speed(length, samples.native), faster);
      report.add(`${length} tokens, addon`, "ms", samples.addon, speed(length, samples.addon));
    }
    await native.dispose();
    await addon.dispose();
  },
};

function speed(tokens: number, samples: readonly number[]): Figure {
  return { label: "", value: tokens / summarise(samples).min * 1000, unit: "tokens/s", goal: null };
}
