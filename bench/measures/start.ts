// From the process's start to the page and to the first distribution, files warm.
import { buildPage, firstAnswer, startServer } from "../server.ts";
import type { Bench, Part } from "../part.ts";

const PROMPT = [504, 3575, 282, 4649, 314];

export const start: Part = {
  name: "start",
  about: "from process start, files warm (the first start is not counted)",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await buildPage();
    const [listening, page, answer]: number[][] = [[], [], []];
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
    }
    report.add("→ listening", "ms", listening!);
    report.add("→ page, first byte", "ms", page!);
    const goal = { label: "best", value: Math.min(...answer!) / 1000, unit: "s", goal: "≤ 1 s" };
    report.add("→ first distribution, 5 tokens", "ms", answer!, goal);
  },
};

async function firstByte(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The page answered ${response.status}.`);
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
}
