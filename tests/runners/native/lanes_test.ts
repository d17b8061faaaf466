import assert from "node:assert/strict";
import type { Forward } from "../../../lib/runners/native/forward.ts";
import { type BesideSession, Lanes, type Place } from "../../../lib/runners/native/lanes.ts";
import { PATIENCE } from "../../patience.ts";

const pass = (): Forward => ({ run: () => Promise.reject(new Error("No run here.")), free: () => {} });
const rest = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Lanes over passes that compute nothing: a run ends when the test says so. */
function bench({ threads = 2, opens = true, opening = Promise.resolve(), restMs = 60_000 } = {}) {
  const main = pass();
  const log = { opened: 0, closed: 0, made: 0, freed: 0 };
  const session: BesideSession = {
    createForward() {
      log.made++;
      return { ...pass(), free: () => void log.freed++ };
    },
    close: () => Promise.resolve(void log.closed++),
  };
  const openBeside = () => {
    log.opened++;
    return opens ? opening.then(() => session) : Promise.reject(new Error("No room."));
  };
  const lanes = new Lanes(main, { threads, openBeside, restMs });
  const begun: { name: string; place: "main" | "beside"; end: (error?: Error) => void }[] = [];
  const run = (name: string, place: Place = "anywhere", signal?: AbortSignal) =>
    lanes.take(place, signal, (forward) =>
      new Promise<string>((resolve, reject) =>
        begun.push({
          name,
          place: forward === main ? "main" : "beside",
          end: (error) => error === undefined ? resolve(name) : reject(error),
        })
      ));
  /** What computes now; each entry once. */
  const places = () => begun.map(({ name, place }) => `${name} ${place}`);
  const end = async (name: string, error?: Error) => {
    const [ended] = begun.splice(begun.findIndex((each) => each.name === name), 1);
    ended!.end(error);
    await rest();
  };
  /** So many runs at once, all ended: afterwards the second session is there. */
  const crowd = async () => {
    const runs = Array.from({ length: 17 }, (_, at) => run(`crowd ${at}`));
    await rest();
    while (begun.length > 0) await end(begun[0]!.name);
    await Promise.all(runs);
  };
  return { lanes, log, run, places, end, crowd };
}

Deno.test("runs take turns on all threads until many have been at once for a while", async () => {
  const { lanes, log, run, places, end } = bench();
  const runs = [run("a"), run("b"), run("c")];
  await rest();
  assert.deepEqual(places(), ["a main"]);
  await end("a");
  assert.deepEqual(places(), ["b main"]);
  await end("b");
  await end("c");
  assert.deepEqual(await Promise.all(runs), ["a", "b", "c"]);
  assert.equal(log.opened, 0);
  await lanes.close();
});

Deno.test("a crowd opens a second session once; then runs go side by side there, and one that is alone on all threads", async () => {
  const { lanes, log, run, places, end, crowd } = bench();
  await crowd();
  assert.equal(log.opened, 1);
  const alone = run("alone");
  await rest();
  assert.deepEqual(places(), ["alone main"]);
  const beside = [run("b"), run("c")];
  await rest();
  assert.deepEqual(places(), ["alone main", "b beside", "c beside"]);
  await end("alone");
  const next = run("d");
  await rest();
  assert.deepEqual(places(), ["b beside", "c beside", "d beside"]);
  for (const name of ["b", "c", "d"]) await end(name);
  await Promise.all([alone, next, ...beside]);
  assert.equal(log.opened, 1);
  await lanes.close();
  assert.deepEqual([log.closed, log.freed], [1, log.made]);
});

Deno.test("fewer runs than threads take turns on all of them; what is for the main session waits for it", async () => {
  const { lanes, run, places, end, crowd } = bench({ threads: 3 });
  await crowd();
  const runs = [run("a"), run("b")];
  await rest();
  assert.deepEqual(places(), ["a main"]);
  runs.push(run("c", "main"));
  await rest();
  assert.deepEqual(places(), ["a main", "b beside"], "three are wanted now");
  await end("a");
  assert.deepEqual(places(), ["b beside", "c main"]);
  await end("b");
  await end("c");
  await Promise.all(runs);
  await lanes.close();
});

Deno.test("a long run takes all threads where nobody has them, and others go beside it", async () => {
  const { lanes, run, places, end, crowd } = bench();
  await crowd();
  const runs = [run("a"), run("b"), run("long", "wide")];
  await rest();
  assert.deepEqual(places(), ["a main", "b beside", "long beside"]);
  await end("a");
  await end("long");
  runs.push(run("longer", "wide"), run("c"));
  await rest();
  assert.deepEqual(places(), ["b beside", "longer main", "c beside"]);
  for (const name of ["b", "c", "longer"]) await end(name);
  await Promise.all(runs);
  await lanes.close();
});

Deno.test("a run that fails or is given up leaves the others and its place alone", async () => {
  const { lanes, run, places, end, crowd } = bench();
  await crowd();
  const controller = new AbortController();
  const [first, failing] = [run("a", "main"), run("b", "main")];
  const waiting = run("c", "main", controller.signal);
  const rejected = assert.rejects(waiting, { name: "AbortError" });
  await rest();
  controller.abort();
  await rejected;
  await end("a");
  const broken = assert.rejects(failing, /It broke/);
  await end("b", new Error("It broke."));
  await broken;
  const last = run("d");
  await rest();
  assert.deepEqual(places(), ["d main"]);
  await end("d");
  assert.deepEqual(await Promise.all([first, last]), ["a", "d"]);
  await lanes.close();
});

Deno.test("where no second session can be had, runs go on taking turns, and it is not tried again", async () => {
  const { lanes, log, run, places, end, crowd } = bench({ opens: false });
  await crowd();
  await crowd();
  assert.equal(log.opened, 1);
  const runs = [run("a"), run("b")];
  await rest();
  assert.deepEqual(places(), ["a main"]);
  await end("a");
  await end("b");
  await Promise.all(runs);
  await lanes.close();
});

Deno.test("closing ends what waits", async () => {
  const { lanes, run, end } = bench();
  const [first, second] = [run("a"), run("b")];
  const rejected = assert.rejects(second, { name: "AbortError" });
  await rest();
  const closing = lanes.close();
  await end("a");
  await rejected;
  assert.equal(await first, "a");
  await closing;
  await assert.rejects(run("c"), { name: "AbortError" });
});

Deno.test("closing frees the passes of a run that still computes beside, when it ends", async () => {
  const { lanes, log, run, places, end, crowd } = bench();
  await crowd();
  const runs = [run("a"), run("b")];
  await rest();
  assert.deepEqual(places(), ["a main", "b beside"]);
  const closing = lanes.close();
  await end("b");
  await end("a");
  await closing;
  await Promise.all(runs);
  assert.equal(log.closed, 1);
  assert.equal(log.freed, log.made);
});

Deno.test("closing waits for who still uses passes of the main session", async () => {
  const { lanes, run, end } = bench();
  const failing = assert.rejects(run("a"), /It was ended/);
  await rest();
  let closed = false;
  const closing = lanes.close().then(() => closed = true);
  await rest();
  assert.equal(closed, false);
  await end("a", new Error("It was ended."));
  await failing;
  await closing;
});

Deno.test(
  "a second session is closed after a rest, also one that comes when the crowd is gone",
  PATIENCE,
  async () => {
    const opening = Promise.withResolvers<void>();
    const { lanes, log, crowd } = bench({ opening: opening.promise, restMs: 1 });
    await crowd();
    assert.deepEqual([log.opened, log.made], [1, 0]);
    opening.resolve();
    while (log.closed < 1) await rest();
    await crowd(); // which uses another one
    while (log.closed < 2) await rest();
    assert.equal(log.opened, 2);
    assert.ok(log.made > 0);
    await lanes.close();
    assert.equal(log.freed, log.made);
  },
);
