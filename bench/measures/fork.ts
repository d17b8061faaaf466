// What a second branch costs: the handle itself, and the first token on it, which moves one of the two to memory of
// its own.
import type { LmRunner } from "../../lib/runners/types.ts";
import { BUNDLED_FOLDER, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { inRounds, minimumRatio } from "../stats.ts";

export const fork: Part = {
  name: "fork",
  about: "a branch off a path that stays as it is",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const native = await open(BUNDLED_FOLDER, "native");
    for (const tokens of quick ? [128] : [128, 512, 1024]) {
      const { handle, plain, branched } = await measure(native, tokens, quick ? 2 : 6);
      report.add(`${tokens}, fork alone`, "ms", handle);
      report.add(`${tokens}, a token without fork`, "ms", plain);
      const dearer = ratio(minimumRatio(branched, plain), "a token without fork");
      report.add(`${tokens}, first token on a fork`, "ms", branched, dearer);
    }
    await native.dispose();
  },
};

/** The trunk holds one token more than the fork writes behind, so every first token on a fork must copy. */
async function measure(runner: LmRunner, tokens: number, rounds: number) {
  const path = pathOf(tokens, tokens + 1, runner.vocabSize);
  const trunk = await runner.run(runner.empty(tokens + 8), path);
  let straight = runner.fork(trunk.kv);
  straight = (await runner.run(straight, [1])).kv;
  const handle: number[] = [];
  const samples = await inRounds(rounds, {
    plain: async () => {
      straight = runner.truncate(straight, tokens);
      const begun = performance.now();
      straight = (await runner.run(straight, [2])).kv;
      return [performance.now() - begun];
    },
    branched: async () => {
      const begun = performance.now();
      const branch = runner.truncate(runner.fork(trunk.kv), tokens);
      handle.push(performance.now() - begun);
      const { kv } = await runner.run(branch, [3]);
      const whole = performance.now() - begun;
      runner.release(kv);
      return [whole];
    },
  });
  runner.release(straight);
  runner.release(trunk.kv);
  return { ...samples, handle };
}
