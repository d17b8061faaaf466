// Fifty loads on the real server, good, refused, damaged and cancelled: what it holds of the system before and after.
import { settled } from "../../tests/memory/footprint.ts";
import { type Loader, mixedLoads, writeFolders } from "../../tests/memory/mixed_loads.ts";
import type { Bench, Part } from "../part.ts";
import { loadModel, type Server, statusOf, withServer } from "../server.ts";

const LOADS = 50;
const SETTLED_THREADS = 12; // idle threads of the pools are gone

export const loadSoak: Part = {
  name: "load-soak",
  about: "memory, descriptors and threads of the server before and after 50 loads of every kind",
  byDefault: false,
  async run({ quick, report }: Bench) {
    const folder = await Deno.makeTempDir();
    try {
      await writeFolders(folder);
      await withServer({ NEXTTOKEN_MODELS_DIR: folder }, async (server) => {
        await mixedLoads(loaderOf(server), 6); // what any load brings with it
        const rested = (most: number) => settled(server.pid, ({ threads }) => threads <= most);
        const before = await rested(SETTLED_THREADS);
        await mixedLoads(loaderOf(server), quick ? 12 : LOADS);
        const after = await rested(before?.threads ?? SETTLED_THREADS); // pools end their threads one by one
        if (before === null || after === null) return report.note("This system does not say.");
        for (const [name, unit] of [["megabytes", "MB"], ["descriptors", ""], ["threads", ""]] as const) {
          report.add(name, unit, [before[name], after[name]], {
            ...{ label: "more than before", value: after[name] - before[name], unit },
            goal: name === "megabytes" ? "at most 30" : "0",
          });
        }
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

function loaderOf(server: Server): Loader {
  return {
    async load(id) {
      await loadModel(server, id).catch(() => {}); // some are refused at once
      while ((await statusOf(server)).loading) await rest(50);
    },
    async cancel(id, milliseconds) {
      await loadModel(server, id);
      await rest(milliseconds);
      await (await fetch(`${server.url}/api/model/load`, { method: "DELETE" })).body?.cancel();
    },
  };
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
