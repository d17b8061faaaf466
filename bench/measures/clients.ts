// Many clients of one server that click without a pause, each on a text of its own.
import { pathOf } from "../model.ts";
import type { Bench, Part } from "../part.ts";
import { ratio } from "../report.ts";
import { askServer, type Server, statusOf, withServer } from "../server.ts";
import { measureTime, summarise } from "../stats.ts";

/** Tokens of a client's text before its first click. */
export const PROMPT = 40;
/** Clicks of each client before those that are measured: many at once get a second session of the model then. */
const FIRST_CLICKS = 3;

export const clients: Part = {
  name: "clients",
  about: "1, 8 and 30 clients that click without a pause on texts of their own",
  byDefault: true,
  async run(bench: Bench) {
    await withServer({}, async (server) => {
      const { vocab_size } = await statusOf(server);
      const alone = await among(bench, server, vocab_size, 1);
      for (const count of [8, 30]) await among(bench, server, vocab_size, count, alone);
    });
  },
};

/** Requests a second of `count` clients; `alone`: of one. */
async function among(
  { quick, report }: Bench,
  server: Server,
  vocabulary: number,
  count: number,
  alone: number | null = null,
): Promise<number> {
  const seats = await seatClients(server, vocabulary, count);
  const clicks = Math.ceil((quick ? 30 : 240) / count);
  for (let i = 0; i < FIRST_CLICKS; i++) await Promise.all(seats.map((click) => click()));
  const samples: number[] = [];
  const ms = await measureTime(() =>
    Promise.all(seats.map(async (click) => {
      for (let i = 0; i < clicks; i++) samples.push(await measureTime(click));
    }))
  );
  const perSecond = samples.length / ms * 1000;
  const { p95, median } = summarise(samples);
  const rate = { label: "", value: perSecond, unit: "requests/s", goal: null };
  const beside = alone === null ? [] : [ratio(perSecond / alone, "the requests/s of one client")];
  report.add(
    `a click among ${count}`,
    "ms",
    samples,
    rate,
    ratio(p95 / median, "p95 of the median", "≤ 2"),
    ...beside,
  );
  return perSecond;
}

/** A click of each of `count` clients, each on a text of its own that grows by tokens that were not computed ahead. */
export async function seatClients(
  server: Server,
  vocabulary: number,
  count: number,
): Promise<(() => Promise<unknown>)[]> {
  const clicks: (() => Promise<unknown>)[] = [];
  for (let at = 0; at < count; at++) {
    const path = pathOf(7000 + 100 * count + at, PROMPT, vocabulary);
    const client = `bench-${count}-${at}`;
    await askServer(server, path, client);
    clicks.push(() => {
      path.push((path.length * 7919 + path[0]!) % vocabulary);
      return askServer(server, path, client);
    });
  }
  return clicks;
}
