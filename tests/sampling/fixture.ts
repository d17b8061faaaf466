// tests/fixtures/sampling.json: distributions after each stage, from PyTorch and Transformers (see its README for
// ties and alternatives), and the comparison its README asks for.
import assert from "node:assert/strict";
import type { Dist } from "../../lib/sampling/dist.ts";

type Ranges = readonly (readonly [number, number])[];

export interface Vector {
  readonly name: string;
  readonly logits: readonly (number | null)[];
  readonly history: readonly number[];
  readonly prompt_length: number;
  readonly bias: readonly (readonly [number, number])[];
  readonly allowed: Ranges;
}

export interface StageResult {
  readonly stage: string;
  readonly n: number;
  readonly kept: Ranges;
  readonly logsumexp: number;
  readonly entropy_bits: number;
  readonly p?: readonly number[];
  readonly p_some?: readonly (readonly [number, number])[];
  readonly logits?: readonly (number | null)[];
  readonly logits_some?: readonly (readonly [number, number | null])[];
  readonly tolerance?: number;
  readonly alternatives?: readonly Ranges[];
  readonly tie?: boolean;
}

export interface Case {
  readonly vector: string;
  readonly kind: "single" | "hf_chain" | "seed_pipeline";
  readonly params: Readonly<Record<string, never>>;
  readonly stages: readonly StageResult[];
  readonly mu_after?: readonly (readonly [number, number])[];
}

interface Fixture {
  readonly vectors: readonly Vector[];
  readonly cases: readonly Case[];
}

export function readFixture(): { vectors: ReadonlyMap<string, Vector>; cases: readonly Case[] } {
  const path = new URL("../fixtures/sampling.json", import.meta.url);
  const { vectors, cases } = JSON.parse(Deno.readTextFileSync(path)) as Fixture;
  return { vectors: new Map(vectors.map((vector) => [vector.name, vector])), cases };
}

export function logitsOf(vector: Vector): Float32Array {
  return Float32Array.from(vector.logits, (logit) => logit ?? -Infinity);
}

export function maskOf(vector: Vector): Int32Array {
  const mask = new Int32Array(Math.ceil(vector.logits.length / 32));
  for (const id of idsOf(vector.allowed)) mask[id >> 5]! |= 1 << (id & 31);
  return mask;
}

function idsOf(ranges: Ranges): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}

/**
 * Compares the state after a stage. "equal": everything agrees; "other": another kept set that is as right, so
 * what follows cannot be compared. Throws where neither holds.
 */
export function compare(dist: Dist, before: Dist, expected: StageResult, where: string): "equal" | "other" {
  const kept = [...dist.logits.keys()].filter((id) => dist.logits[id]! > -Infinity);
  assert.equal(dist.kept, kept.length, where);
  const wanted = idsOf(expected.kept);
  if (kept.join() !== wanted.join()) {
    if (expected.alternatives?.some((ranges) => idsOf(ranges).join() === kept.join())) return "other";
    assert.ok(expected.tie, `${where}: kept ${kept.slice(0, 20)}, wanted ${wanted.slice(0, 20)}`);
    const scores = (ids: number[]) => ids.map((id) => before.logits[id]!).sort((a, b) => a - b).join();
    assert.equal(scores(kept), scores(wanted), where);
    compareNumbers(dist, expected, where);
    return "other";
  }
  compareNumbers(dist, expected, where);
  const probs = expected.p?.map((p, id) => [id, p] as const) ?? expected.p_some ?? [];
  assert.ok(probs.length > 0, where);
  for (const [id, p] of probs) {
    near(dist.probs[id]!, p, expected.tolerance ?? 1e-6, `${where}, p of ${id}`);
  }
  const logits = expected.logits?.map((logit, id) => [id, logit] as const) ?? expected.logits_some ?? [];
  for (const [id, logit] of logits) {
    if (logit === null) assert.equal(dist.logits[id], -Infinity, where);
    else near(dist.logits[id]!, logit, 5e-6 * Math.max(1, Math.abs(logit)), `${where}, logit of ${id}`);
  }
  return "equal";
}

function compareNumbers(dist: Dist, expected: StageResult, where: string): void {
  assert.equal(dist.kept, expected.n, where);
  const { logsumexp } = expected;
  near(dist.logZ, logsumexp, 5e-6 * Math.max(1, Math.abs(logsumexp)), `${where}, logsumexp`);
  near(dist.entropyBits, expected.entropy_bits, 1e-5, `${where}, entropy`);
}

export function near(actual: number, expected: number, tolerance: number, where: string): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${where}: ${actual} is not within ${tolerance} of ${expected}`,
  );
}
