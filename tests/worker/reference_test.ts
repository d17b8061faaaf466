// The bundled model against PyTorch in float32 (tests/fixtures/logits.json), through the whole way of a request:
// context, chunks, KV cache, softmax. The kept-apart cases run through the same code.
import assert from "node:assert/strict";
import { Turns } from "../../lib/basics/turns.ts";
import type { OpenModel } from "../../lib/worker/opening/assemble.ts";
import { openModel } from "../../lib/worker/opening/open_model.ts";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import { specFor } from "../engine/spec.ts";
import { distOf } from "../../lib/sampling/dist.ts";

interface Case {
  readonly name: string;
  readonly text?: string;
  readonly ids: readonly number[];
  readonly last: {
    readonly logsumexp: number;
    readonly entropy_bits: number;
    readonly top: readonly (readonly [id: number, logit: number])[];
    readonly checks: readonly (readonly [id: number, logit: number, rank: number])[];
  };
  readonly greedy: {
    readonly ids: readonly number[];
    readonly near_ties: readonly { readonly step: number; readonly runner_up: number }[];
  };
}

const MAX_DP = 1e-4; // the bound on a probability
const LOGIT_TOLERANCE = 5e-4;
const ENTROPY_TOLERANCE = 5e-4; // bits

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
const fixture = await Deno.readTextFile(new URL("../fixtures/logits.json", import.meta.url));
/** The longest one goes through tests/decode. */
const ELSEWHERE = "long_1500";
const cases = (JSON.parse(fixture) as { cases: Case[] }).cases.filter(({ name }) => name !== ELSEWHERE);
const signal = new AbortController().signal;

function spec(runner: LoadSpec["runner"]): LoadSpec {
  return specFor(BUNDLED, { runner, cacheBytes: 512 * 2 ** 20 });
}

async function logitsOf(model: OpenModel, ids: readonly number[]): Promise<Float32Array> {
  const slices = model.language.logits.after(ids, signal);
  for (let step = await slices.next();; step = await slices.next()) if (step.done) return step.value.logits;
}

function argmax(logits: Float32Array): number {
  return logits.reduce((best, value, id) => value > logits[best]! ? id : best, 0);
}

/** Every number of the last position; returns the largest difference of a probability. */
function checkLast(logits: Float32Array, { name, last }: Case): number {
  const { probs, entropyBits } = distOf(logits);
  let largest = 0;
  for (const [id, logit] of [...last.top, ...last.checks].map((entry) => [entry[0], entry[1]] as const)) {
    assert.ok(Math.abs(logits[id]! - logit) <= LOGIT_TOLERANCE, `${name}: logit of ${id}`);
    largest = Math.max(largest, Math.abs(probs[id]! - Math.exp(logit - last.logsumexp)));
  }
  assert.ok(largest <= MAX_DP, `${name}: |Δp| is ${largest}`);
  assert.ok(Math.abs(entropyBits - last.entropy_bits) <= ENTROPY_TOLERANCE, `${name}: entropy`);
  for (const [id, , rank] of last.checks) {
    const better = logits.reduce(
      (count, value, other) => count + Number(value > logits[id]! || (value === logits[id]! && other < id)),
      0,
    );
    assert.ok(
      Math.abs(better - rank) <= Math.max(2, rank * 0.005),
      `${name}: rank of ${id} is ${better}, not ${rank}`,
    );
  }
  return largest;
}

/** Follows the greedy path token by token through the cache, up to the first near tie. */
async function checkGreedy(model: OpenModel, { name, ids, greedy }: Case, steps: number): Promise<void> {
  const path = [...ids];
  for (const [step, expected] of greedy.ids.slice(0, steps).entries()) {
    const chosen = argmax(await logitsOf(model, path));
    const tie = greedy.near_ties.find((near) => near.step === step);
    if (chosen !== expected) {
      assert.equal(chosen, tie?.runner_up, `${name}: greedy step ${step}`);
      return;
    }
    path.push(chosen);
  }
}

// The addon takes several times as long a step; what differs between the runners shows in the first ones.
const GREEDY_STEPS = { addon: 3, native: 8 };

for (const runner of ["addon", "native"] as const) {
  Deno.test(`the bundled model equals the reference through the ${runner} runner`, async (t) => {
    const model = await openModel(spec(runner), () => {}, signal, new Turns());
    assert.equal(model.info.backend.runtime, runner);
    let largest = 0;
    for (const expected of cases) {
      await t.step(expected.name, async () => {
        if (expected.text !== undefined) {
          assert.deepEqual(model.language.codec.encode(expected.text), expected.ids);
        }
        largest = Math.max(largest, checkLast(await logitsOf(model, expected.ids), expected));
        await checkGreedy(model, expected, GREEDY_STEPS[runner]);
      });
    }
    console.log(`largest |Δp| over ${cases.length} prompts, ${runner}: ${largest.toExponential(1)}`);
    await model.close();
  });
}
