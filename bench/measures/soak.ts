// Thousands of mixed steps on one source: clicks, undo, branches, edits, cancels, speculation, evictions, emptied
// caches and forced garbage collections. Memory is printed every tenth; logits are held against fresh ones.
import type { LmRunner } from "../../lib/runners/types.ts";
import { BUNDLED_FOLDER, open, TINY_FOLDER } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { number } from "../report.ts";
import { collector } from "../collector.ts";
import { SoakWalk } from "../soak_walk.ts";

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly steps: number;
  readonly longest: number; // tokens of a path
  readonly latestCancel: number; // ms until the latest cancel
  readonly checkEvery: number; // steps
  readonly collectEvery: number; // steps
}

const CASES: readonly Case[] = [
  {
    name: "tiny",
    folder: TINY_FOLDER,
    steps: 20_000,
    longest: 120,
    latestCancel: 2,
    checkEvery: 1,
    collectEvery: 50,
  },
  {
    name: "bundled",
    folder: BUNDLED_FOLDER,
    steps: 2000,
    longest: 160,
    latestCancel: 150,
    checkEvery: 10,
    collectEvery: 20,
  },
];
const TENTHS = 10;

export const soak: Part = {
  name: "soak",
  about: "20,000 mixed steps on a tiny model, 2,000 on the bundled one (native)",
  byDefault: false,
  async run({ quick, report }: Bench) {
    const collect = collector();
    for (const soakCase of CASES) {
      const runner = await open(soakCase.folder, "native");
      await run(quick ? { ...soakCase, steps: soakCase.steps / 20 } : soakCase, runner, collect, report);
      await runner.dispose();
    }
  },
};

async function run(
  { name, steps, longest, latestCancel, checkEvery, collectEvery }: Case,
  runner: LmRunner,
  collect: () => void,
  report: Bench["report"],
): Promise<void> {
  const walk = new SoakWalk(runner, longest, latestCancel);
  const resident: number[] = [];
  for (let step = 1; step <= steps; step++) {
    await walk.step(step % checkEvery === 0);
    if (step % collectEvery === 0) collect();
    if (step % (steps / TENTHS) !== 0) continue;
    collect();
    resident.push(Deno.memoryUsage().rss / 1e6);
    const { checked, wrong } = walk.counts;
    report.say(
      `${name}, ${step} steps: ${number(resident.at(-1)!)} MB, KV cache ${
        number(walk.cacheBytes / 1e6)
      } MB; ` +
        `${wrong} wrong of ${checked} checked`,
    );
  }
  walk.close();
  const { checked, wrong, worst, ...kinds } = walk.counts;
  report.say(`${name}: ${Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  const growth = resident.at(-1)! - resident[0]!;
  report.add(`${name}, memory every tenth`, "MB", resident, {
    ...{ label: "first to last tenth", value: growth, unit: "MB", goal: "flat" },
  });
  report.add(`${name}, largest |Δp|`, "probability", [worst], {
    ...{ label: `wrong of ${checked} checked`, value: wrong, unit: "distributions", goal: "0" },
  });
}
