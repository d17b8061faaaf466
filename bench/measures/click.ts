// One click (the logits after one more token, softmax over the vocabulary, the best 50) at growing contexts, with
// either runner: the whole context again, one token on what the cache has; and computed ahead.
import type { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import type { LmRunner } from "../../lib/runners/types.ts";
import { ask, BUNDLED_FOLDER, clickIds, createCachedSource, open, pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { inRounds, measureTime, minimumRatio } from "../stats.ts";

/** Clicks of each kind in one round. */
const CLICKS = 5;

type Samples = Record<"addonWhole" | "addonCached" | "nativeWhole" | "nativeCached" | "nativeHit", number[]>;

export const click: Part = {
  name: "click",
  about: "one click in the worker: logits, softmax, best 50",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const [native, addon] = [await open(BUNDLED_FOLDER, "native"), await open(BUNDLED_FOLDER, "addon")];
    let shortest: Samples | null = null;
    for (const tokens of quick ? [16, 128, 1024] : [16, 128, 512, 1024, 2048]) {
      const samples = await measure(native, addon, tokens, roundsFor(tokens, quick));
      shortest ??= samples;
      print(report, tokens, samples, shortest);
    }
    await native.dispose();
    await addon.dispose();
  },
};

function roundsFor(tokens: number, quick: boolean): number {
  if (quick) return 1;
  return tokens <= 128 ? 5 : tokens <= 1024 ? 3 : 2;
}

async function measure(native: LmRunner, addon: LmRunner, tokens: number, rounds: number): Promise<Samples> {
  const path = pathOf(tokens, tokens, native.vocabSize);
  const sources = { native: createCachedSource(native), addon: createCachedSource(addon) };
  const ids = clickIds(native.vocabSize);
  const wholeContext = (source: LogitsSource) => async () => { // and the cache is warm for the clicks
    source.clear();
    return [await measureTime(() => ask(source, path))];
  };
  const cached = (source: LogitsSource) => () => repeat(() => [...path, ids.next().value], source);
  const ahead = () =>
    repeat(async () => {
      const id = ids.next().value;
      await sources.native.lookahead(path, [id], new AbortController().signal);
      return [...path, id];
    }, sources.native);
  const samples = await inRounds(rounds, {
    addonWhole: wholeContext(sources.addon),
    nativeWhole: wholeContext(sources.native),
    addonCached: cached(sources.addon),
    nativeCached: cached(sources.native),
    nativeHit: ahead,
  });
  sources.native.clear();
  sources.addon.clear();
  return samples;
}

/** Times clicks on paths that `next` makes ready. */
async function repeat(
  next: () => number[] | Promise<number[]>,
  source: LogitsSource,
): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < CLICKS; i++) {
    const ids = await next();
    samples.push(await measureTime(() => ask(source, ids)));
  }
  return samples;
}

function print(report: Bench["report"], tokens: number, samples: Samples, shortest: Samples): void {
  const { addonWhole, addonCached, nativeWhole, nativeCached, nativeHit } = samples;
  const at = (goal: string, size: number) => tokens === size ? goal : null;
  report.add(`${tokens}, addon, whole context`, "ms", addonWhole);
  const reuse = ratio(minimumRatio(addonWhole, addonCached), "faster than whole");
  report.add(`${tokens}, addon, cached`, "ms", addonCached, reuse);
  report.add(`${tokens}, native, whole context`, "ms", nativeWhole);
  report.add(
    `${tokens}, native, cached`,
    "ms",
    nativeCached,
    ratio(minimumRatio(nativeCached, shortest.nativeCached), "the click at 16", at("≤ 1.5", 1024)),
    ratio(minimumRatio(nativeWhole, nativeCached), "faster than whole", at("≥ 40", 1024)),
    ratio(minimumRatio(addonCached, nativeCached), "faster than the addon", at("≥ 1.8", 1024)),
  );
  const ahead = ratio(minimumRatio(nativeCached, nativeHit), "faster than computing it");
  report.add(`${tokens}, native, prefetch hit`, "ms", nativeHit, ahead);
}
