// Going back: two branches of 1,000 tokens that share a beginning, A → B → A.
import { ask, BUNDLED_FOLDER, createCachedSource, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import type { Figure } from "../report.ts";

const SHARED = 24;
const LENGTH = 1000;

export const branches: Part = {
  name: "branches",
  about: "A → B → A, branches of 1,000 tokens (native)",
  byDefault: true,
  async run({ report }: Bench) {
    const native = await open(BUNDLED_FOLDER, "native");
    const source = createCachedSource(native);
    const trunk = pathOf(1, SHARED, native.vocabSize);
    const branch = (seed: number) => [...trunk, ...pathOf(seed, LENGTH - SHARED, native.vocabSize)];
    const [a, b] = [branch(2), branch(3)];
    const step = async (name: string, ids: readonly number[], goal: string | null) => {
      const begun = performance.now();
      const { computedTokens } = await ask(source, ids);
      const tokens: Figure = { label: "", value: computedTokens, unit: "computed tokens", goal };
      report.add(name, "ms", [performance.now() - begun], tokens);
    };
    await step("A, new", a, null);
    await step("B, new but for its beginning", b, null);
    await step("A again", a, "≤ 1");
    await step("a click on A", [...a, 7], "≤ 1");
    await step("a click on B", [...b, 7], "≤ 1");
    await step("another click on A", [...a, 8], "≤ 1");
    source.clear();
    await native.dispose();
  },
};
