import assert from "node:assert/strict";
import { type Others, Turns } from "../../lib/basics/turns.ts";
import type { Slices } from "../../lib/basics/slices.ts";

/** Work of so many slices, each of which takes longer than a turn. */
function* work(slices: number, name: string, log: string[]): Slices<string> {
  for (let slice = 0; slice < slices; slice++) {
    const end = performance.now() + 12;
    while (performance.now() < end);
    log.push(name);
    yield;
  }
  return name;
}

Deno.test("short work is done at once, long work between other tasks", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const long = turns.finish(work(4, "long", log));
  assert.deepEqual(log, ["long"]);
  const short = turns.finish(work(0, "short", log));
  short.then(() => log.push("short"));
  const timer = setInterval(() => log.push("other"));
  assert.equal(await short, "short");
  assert.deepEqual(log, ["long", "short"]);
  assert.equal(await long, "long");
  clearInterval(timer);
  assert.ok(log.includes("other"), log.join(" "));
});

Deno.test("several works go on one after the other, one between two tasks", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const works = ["a", "b", "c"].map((name) => turns.finish(work(3, name, log)));
  assert.deepEqual(await Promise.all(works), ["a", "b", "c"]);
  assert.deepEqual(log, ["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
});

Deno.test("work that is stopped, or throws, rejects and leaves the others their turn", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const controller = new AbortController();
  const stopped = turns.finish(work(1000, "stopped", log), controller.signal);
  const other = turns.finish(work(3, "other", log));
  const broken = turns.finish(function* (): Slices<string> {
    yield* work(2, "broken", log);
    throw new RangeError("broken");
  }());
  controller.abort(new Error("gone"));
  const ends = await Promise.allSettled([stopped, broken, other]);
  assert.deepEqual(ends.map(({ status }) => status), ["rejected", "rejected", "fulfilled"]);
  assert.equal(log.filter((name) => name === "stopped").length, 1);
});

/** Work whose slices take `ms` each by a clock that stands still between them. */
function* timed(slices: number, ms: number, clock: { now: number }, log: string[]): Slices<void> {
  for (let slice = 0; slice < slices; slice++) {
    clock.now += ms;
    log.push("slice");
    yield;
  }
}

/** Does the work with that clock; `log` has a word for each turn that is left, too. */
async function finishBeside(others: Others, slices: Slices<void>, clock: { now: number }, log: string[]) {
  const { now } = performance;
  performance.now = () => clock.now;
  const timer = setInterval(() => log.at(-1) === "slice" && log.push("left"));
  await new Turns(others).finish(slices).finally(() => {
    performance.now = now;
    clearInterval(timer);
  });
}

Deno.test("who is alone has long turns, and short ones while others are there", async () => {
  const turns = async (present: boolean) => {
    const [clock, log]: [{ now: number }, string[]] = [{ now: 0 }, []];
    const others = { present, calling: false, taken: () => Promise.reject(new Error("nobody calls")) };
    await finishBeside(others, timed(40, 2, clock, log), clock, log);
    return log.filter((word) => word === "left").length;
  };
  assert.ok(await turns(false) <= 4);
  assert.ok(await turns(true) >= 10);
});

Deno.test("who is called leaves the thread until the message has been taken", async () => {
  const [clock, log]: [{ now: number }, string[]] = [{ now: 0 }, []];
  const others = {
    present: false,
    get calling() {
      return log.length === 2;
    },
    taken: () =>
      new Promise<void>((resolve) =>
        setTimeout(() => {
          log.push("taken");
          resolve();
        }, 20)
      ),
  };
  await finishBeside(others, timed(4, 1, clock, log), clock, log);
  assert.deepEqual(log.filter((word) => word !== "left"), ["slice", "slice", "taken", "slice", "slice"]);
});
