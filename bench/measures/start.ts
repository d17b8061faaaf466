// From the process's start to the page and to the first distribution, files warm; beside it the least program of
// transformers.js, in turn with ours.
import { BUNDLED, ROOT } from "../model.ts";
import { ratio } from "../report.ts";
import { measureTime, minimumRatio } from "../stats.ts";
import { buildPage, firstAnswer, startServer } from "../server.ts";
import type { Bench, Part } from "../part.ts";

/** Fetched when the bench runs: the product's install has no use for it. */
const PEER = "npm:@huggingface/transformers@4.3.1";
const TEXT = "The capital of France is";
const PROMPT = [504, 3575, 282, 4649, 314]; // the same

export const start: Part = {
  name: "start",
  about: "from process start, files warm (the first start is not counted)",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await buildPage();
    const [listening, page, answer]: number[][] = [[], [], []];
    const peer: number[] = [];
    const rounds = quick ? 2 : 5;
    for (let round = 0; round <= rounds; round++) {
      const server = await startServer();
      try {
        const since = () => performance.now() - server.spawned;
        const times = [since()];
        await Promise.all([
          firstByte(server.url).then(() => times[1] = since()),
          firstAnswer(server, PROMPT).then(() => times[2] = since()),
        ]);
        if (round > 0) [listening, page, answer].forEach((samples, i) => samples!.push(times[i]!));
      } finally {
        await server.stop();
      }
      const beside = await peerTime().catch((error) => report.note(`transformers.js: ${error.message}`));
      if (round > 0 && beside !== undefined) peer.push(beside);
    }
    report.add("→ listening", "ms", listening!);
    report.add("→ page, first byte", "ms", page!);
    const goal = { label: "best", value: Math.min(...answer!) / 1000, unit: "s", goal: "≤ 1 s" };
    const against = peer.length === 0 ? [] : [ratio(minimumRatio(answer!, peer), "transformers.js", "≤ 0.9")];
    report.add("→ first distribution, 5 tokens", "ms", answer!, goal, ...against);
    if (peer.length > 0) report.add("→ transformers.js, the same", "ms", peer);
  },
};

/** Milliseconds of the program of transformers.js, from its start to its end. Its package is fetched by the first. */
async function peerTime(): Promise<number> {
  const flags = ["--quiet", "--allow-all", "--no-config", "--no-lock", "--node-modules-dir=none"];
  const args = [
    "run",
    ...flags,
    `${ROOT}/bench/peer/transformers.mjs`,
    PEER,
    `${ROOT}/models`,
    BUNDLED,
    TEXT,
  ];
  const command = new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "piped" });
  let failure: string | null = null;
  const ms = await measureTime(async () => {
    const { success, stderr } = await command.output();
    if (!success) failure = new TextDecoder().decode(stderr).trim().slice(0, 200);
  });
  if (failure !== null) throw new Error(failure);
  return ms;
}

async function firstByte(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The page answered ${response.status}.`);
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
}
