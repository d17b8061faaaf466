// A class: thirty pages, each of which clicks every few seconds, for five minutes.
import type { Bench, Part } from "../part.ts";
import type { Report } from "../report.ts";
import { residentMegabytes, type Server, statusOf, withServer } from "../server.ts";
import { measureTime, summarise } from "../stats.ts";
import { PROMPT, seatClients } from "./clients.ts";
import { BUNDLED, ROOT } from "../model.ts";

const STUDENTS = 30;
const PAUSE_MS = 3000; // from one click of a student to the next
const LASTS_MS = 5 * 60_000;
const READINGS = 5; // of the memory

export const aClass: Part = {
  name: "class",
  about: `${STUDENTS} clients that click every ${
    PAUSE_MS / 1000
  } s for five minutes, and the memory meanwhile`,
  byDefault: false, // it is long
  async run({ quick, report }: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      const students = await seatClients(server, vocab_size, STUDENTS);
      const lasts = quick ? LASTS_MS / 20 : LASTS_MS;
      const end = performance.now() + lasts;
      const clicks: number[] = [];
      const memory: Memory[] = [];
      const study = students.map(async (click, at) => {
        await pause(PAUSE_MS * at / STUDENTS);
        while (performance.now() < end) {
          const took = await measureTime(click);
          clicks.push(took);
          await pause(PAUSE_MS - took);
        }
      });
      for (let reading = 0; reading < READINGS; reading++) {
        await pause(lasts / READINGS);
        memory.push(await readMemory(server, STUDENTS * PROMPT + clicks.length));
      }
      await Promise.all(study);
      const p95 = { label: "p95", value: summarise(clicks).p95, unit: "ms", goal: "≤ 400 ms" };
      report.add(`a click in a class of ${STUDENTS}`, "ms", clicks, p95);
      reportMemory(report, memory);
    });
  },
};

/** MB: of the process, and of the keys and values in its cache. */
interface Memory {
  readonly resident: number;
  readonly reserved: number; // room for further tokens included, which takes no memory before they come
  readonly written: number;
}

/** `tokens`: of all texts that are in the cache. */
async function readMemory(server: Server, tokens: number): Promise<Memory> {
  const { cache } = await statusOf(server);
  const written = tokens * await bytesOfToken() / 1e6;
  return { resident: await residentMegabytes(server.pid), reserved: cache.bytes / 1e6, written };
}

/** Bytes of the keys and values of one token of the bundled model, in single precision. */
async function bytesOfToken(): Promise<number> {
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}/models/${BUNDLED}/config.json`));
  const { num_hidden_layers, num_key_value_heads, hidden_size, num_attention_heads } = config;
  return 2 * 4 * num_hidden_layers * num_key_value_heads * hidden_size / num_attention_heads;
}

/** Each click writes one token into the cache; what grows beyond that should not. */
function reportMemory(report: Report, memory: readonly Memory[]): void {
  const [first, last] = [memory[0]!, memory.at(-1)!];
  report.add("  resident memory", "MB", memory.map(({ resident }) => resident));
  report.add("  keys and values, written", "MB", memory.map(({ written }) => written));
  report.add("  keys and values, with room", "MB", memory.map(({ reserved }) => reserved));
  report.add("  memory besides the written ones", "MB", memory.map((m) => m.resident - m.written), {
    ...{ label: "its growth", unit: "MB", goal: "about 0" },
    value: last.resident - first.resident - (last.written - first.written),
  });
  report.note(
    `resident / written: ${
      memory.map((m) => `${m.resident.toFixed(0)} / ${m.written.toFixed(0)}`).join(", ")
    } MB`,
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
