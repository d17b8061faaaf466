// Memory of the real server with its defaults: after the first answer, and along 1,000 clicks on ten paths.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { askServer, residentMegabytes, statusOf, withServer } from "../server.ts";

const PATHS = 10;
const PROMPT = 16;

export const serverMemory: Part = {
  name: "server-memory",
  about: "resident memory of the server, 1,000 clicks on ten paths",
  byDefault: true,
  async run({ quick, report }: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      report.add("after the first answer", "MB", [await residentMegabytes(server.pid)]);
      const clicks = quick ? 100 : 1000;
      for (let path = 0; path < PATHS; path++) {
        const ids = pathOf(path, PROMPT, vocab_size);
        for (let i = 0; i < clicks / PATHS; i++) ids.push((await askServer(server, ids)).candidates[0]!.id);
        if (![0, PATHS / 2 - 1, PATHS - 1].includes(path)) continue;
        const { cache } = await statusOf(server);
        const kv = { label: "of it KV cache", value: cache.bytes / 1e6, unit: "MB", goal: null };
        report.add(
          `after ${(path + 1) * clicks / PATHS} clicks`,
          "MB",
          [await residentMegabytes(server.pid)],
          kv,
        );
      }
    });
  },
};
