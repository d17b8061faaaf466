import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createLanes, type Lanes } from "../../lib/sandbox/lanes.ts";
import type { Sandbox } from "../../lib/sandbox/sandbox.ts";

/** A program that runs until it is ended. */
interface Running {
  readonly lane: number;
  readonly kind: string;
  end(): void;
}

/** Lanes whose programs end when the test says so, and are slow when `tick` has been awaited, not before. */
function fakeLanes(restMs = 1e6): {
  lanes: Lanes;
  running: Running[];
  opened: () => number;
  closed: number[];
  tick: () => Promise<void>;
} {
  let time = 0;
  const tick = async () => {
    time += 20;
    await sleep(20);
  };
  const running: Running[] = [];
  const closed: number[] = [];
  let opened = 0;
  const create = (onFree: () => void): Sandbox => {
    const lane = opened++;
    return {
      run(kind, _input, { signal }) {
        return new Promise((resolve, reject) => {
          const one = {
            ...{ lane, kind },
            end() {
              running.splice(running.indexOf(one), 1);
              resolve(`${kind} in ${lane}` as never);
              onFree();
            },
          };
          signal?.addEventListener("abort", () => reject(signal.reason));
          running.push(one);
        });
      },
      restart() {},
      close: () => void closed.push(lane),
    };
  };
  const lanes = createLanes({ create, slowMs: 1, restMs, now: () => time });
  return { lanes, running, opened: () => opened, closed, tick };
}

const search = (lanes: Lanes, key?: string, signal?: AbortSignal) =>
  lanes.run("regex_search", { pattern: "a", texts: [] }, {
    ...{ deadlineMs: 1000, ...(key && { key }), ...(signal && { signal }) },
  });
const placesOf = (running: readonly Running[]) => running.map(({ kind, lane }) => `${kind} ${lane}`);

Deno.test("quick programs run one after another in one Worker", async () => {
  const { lanes, running } = fakeLanes();
  const both = [search(lanes), search(lanes)];
  assert.deepEqual(placesOf(running), ["regex_search 0"]);
  running[0]!.end();
  assert.deepEqual(placesOf(running), ["regex_search 0"]);
  running[0]!.end();
  await Promise.all(both);
  lanes.close();
});

Deno.test("while one is slow the next is made ready, and others run there; the last lane is for what is known to be quick", async () => {
  const { lanes, running, tick } = fakeLanes();
  const quick = search(lanes, "quick");
  running[0]!.end();
  await quick;
  const slow = search(lanes, "slow");
  const other = search(lanes, "other");
  await tick();
  assert.deepEqual(placesOf(running), ["regex_search 0", "prepare 1"]);
  running[1]!.end();
  assert.deepEqual(placesOf(running), ["regex_search 0", "regex_search 1"]);
  await tick();
  assert.deepEqual(placesOf(running), ["regex_search 0", "regex_search 1", "prepare 2"]);
  running[2]!.end();
  const third = search(lanes, "third");
  const again = search(lanes, "quick");
  assert.deepEqual(placesOf(running), ["regex_search 0", "regex_search 1", "regex_search 2"]);
  running[2]!.end();
  assert.equal(await again, "regex_search in 2");
  running[0]!.end();
  assert.equal(await slow, "regex_search in 0");
  assert.deepEqual(placesOf(running), ["regex_search 1", "regex_search 0"]);
  running[1]!.end();
  running[0]!.end();
  await Promise.all([other, third]);
  lanes.close();
});

Deno.test("one more is made ready at a time, however many wait", async () => {
  const { lanes, running, tick } = fakeLanes();
  const asked = [search(lanes, "slow")];
  await tick();
  asked.push(search(lanes, "other"), search(lanes, "third"));
  assert.deepEqual(placesOf(running), ["regex_search 0", "prepare 1"]);
  running[1]!.end();
  assert.deepEqual(placesOf(running), ["regex_search 0", "regex_search 1"]);
  await tick();
  assert.deepEqual(placesOf(running), ["regex_search 0", "regex_search 1", "prepare 2"]);
  running[0]!.end(); // the third takes its place
  for (const one of [...running]) one.end();
  await Promise.all(asked);
  lanes.close();
});

Deno.test("what a Worker keeps something of waits for it there", async () => {
  const { lanes, running, tick } = fakeLanes();
  const asked = [search(lanes, "a"), search(lanes, "b")];
  await tick();
  running[1]!.end(); // ready
  assert.deepEqual(placesOf(running), ["regex_search 0", "regex_search 1"]);
  running[0]!.end();
  asked.push(search(lanes, "a"));
  const waiting = search(lanes, "a");
  const left = new AbortController();
  const gone = search(lanes, "a", left.signal);
  assert.deepEqual(placesOf(running), ["regex_search 1", "regex_search 0"]);
  running[0]!.end(); // b: its lane is free, and not a's
  assert.deepEqual(placesOf(running), ["regex_search 0"]);
  left.abort(new Error("gone"));
  await assert.rejects(gone, /gone/);
  running[0]!.end();
  assert.deepEqual(placesOf(running), ["regex_search 0"]);
  running[0]!.end();
  assert.equal(await waiting, "regex_search in 0");
  assert.deepEqual(running, []);
  await Promise.all(asked);
  lanes.close();
});

Deno.test("a further lane goes after its rest, and what waits at the end is told so", async () => {
  const { lanes, running, opened, closed, tick } = fakeLanes(1);
  const [slow, second] = [search(lanes), search(lanes)];
  await tick();
  running[1]!.end();
  running[1]!.end();
  await second;
  await tick();
  assert.deepEqual([closed, opened()], [[1], 4]);
  const waiting = search(lanes);
  assert.deepEqual(placesOf(running), ["regex_search 0", "prepare 3"]); // made ready anew
  lanes.close();
  await assert.rejects(waiting, /closed/);
  running[0]!.end();
  await slow;
});
