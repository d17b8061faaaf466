// A class: thirty pages, each of which clicks every few seconds, for five minutes.
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { residentMegabytes, statusOf, withServer } from "../server.ts";
import { measureTime, summarise } from "../stats.ts";
import { seatClients } from "./clients.ts";

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
      const memory: number[] = [];
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
        memory.push(await residentMegabytes(server.pid));
      }
      await Promise.all(study);
      const p95 = { label: "p95", value: summarise(clicks).p95, unit: "ms", goal: "≤ 400 ms" };
      report.add(`a click in a class of ${STUDENTS}`, "ms", clicks, p95);
      report.add(
        "  resident memory",
        "MB",
        memory,
        ratio(memory.at(-1)! / memory[0]!, "its last of its first"),
      );
    });
  },
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
