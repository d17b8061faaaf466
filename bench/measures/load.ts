// Clicks on the model in use while another one of 100 MB is fetched from a hub and opened. A user clicks, looks,
// and clicks again.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { askServer, hubProcess, loadModel, type Server, statusOf, withServer } from "../server.ts";
import { measureTime, summarise } from "../stats.ts";

/** Tokens of the text that is clicked on, and milliseconds between an answer and the next click. */
const TOKENS = 64;
const LOOK_MS = 30;
/** Clicks before each load. */
const BEFORE = 60;

export const load: Part = {
  name: "load",
  about: "clicks on the present model while 100 MB are fetched from a hub and opened, prefetch off",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const names = ["bench/first", "bench/second", "bench/third"].slice(0, quick ? 1 : 3);
    const cache = await Deno.makeTempDir({ prefix: "next-token-bench-" });
    const hub = await hubProcess(names);
    const env = { NEXTTOKEN_PREFETCH: "0", HF_ENDPOINT: hub.url, HF_HOME: cache, HF_HUB_OFFLINE: "" };
    try {
      await withServer(env, async (server) => {
        const { vocab_size } = await statusOf(server);
        const click = clicker(server, vocab_size);
        await clicks(click, 10); // the first ones are slower
        const before: number[] = [];
        const during = new Map<string, number[]>();
        for (const name of names) {
          before.push(...await clicks(click, BEFORE));
          await loadModel(server, name);
          await clicksWhileLoading(server, click, during);
        }
        tell(report, before, during);
      });
    } finally {
      await hub.stop();
      await Deno.remove(cache, { recursive: true });
    }
  },
};

type Click = () => Promise<number>;

/** Appends a token that was not computed ahead, and asks. */
function clicker(server: Server, vocabSize: number): Click {
  const path = pathOf(0, TOKENS, vocabSize);
  return async () => {
    path.push((path.length * 7919) % vocabSize);
    const took = await measureTime(() => askServer(server, path));
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    return took;
  };
}

async function clicks(click: Click, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) samples.push(await click());
  return samples;
}

/** Adds each click to the phase in which it began. */
async function clicksWhileLoading(
  server: Server,
  click: Click,
  during: Map<string, number[]>,
): Promise<void> {
  for (let status = await statusOf(server); status.loading; status = await statusOf(server)) {
    const phase = status.progress?.phase ?? "unknown";
    during.set(phase, [...during.get(phase) ?? [], await click()]);
  }
  const { load_error } = await statusOf(server);
  if (load_error !== null) throw new Error(`The load failed: ${load_error}`);
}

function tell(report: Bench["report"], before: readonly number[], during: Map<string, number[]>): void {
  report.add("click before", "ms", before);
  const usual = summarise(before).median;
  const beside = (samples: readonly number[], goal: string | null) =>
    ratio(summarise(samples).median / usual, "before, medians", goal);
  const all = [...during.values()].flat();
  report.add("click during the load", "ms", all, beside(all, "≤ 1.3"));
  for (const [phase, samples] of during) {
    report.add(`click while ${phase}`, "ms", samples, beside(samples, null));
  }
}
