import assert from "node:assert/strict";
import { FAILED } from "../../../lib/constraints/engine/recogniser.ts";
import type { Recogniser } from "../../../lib/constraints/engine/recogniser.ts";
import { ajvJudge } from "./ajv_judge.ts";
import { compileSchema } from "./compiled.ts";
import { KINDS } from "./kinds.ts";

const SAMPLES = 200;
/** A walk that is longer closes what is open as soon as it may. */
const LONGEST = 120;

/** Numbers from 0 to 1, the same for the same seed (Park and Miller 1988). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = state * 48271 % 2147483647) / 2147483647;
}

/** A text found by taking, byte by byte, one of those that can follow. */
function walk(recogniser: Recogniser, random: () => number): string {
  const bytes: number[] = [];
  let state = recogniser.initial;
  while (!(recogniser.accepts(state) && random() < 0.3)) {
    const ways = followers(recogniser, state);
    if (ways.length === 0) break;
    assert.ok(bytes.length < 20 * LONGEST, "no end in sight");
    const end = bytes.length % LONGEST === LONGEST - 1 ? nearEnd(recogniser, state) : null;
    if (end !== null) return decode([...bytes, ...end]);
    const byte = (bytes.length > LONGEST ? closing(bytes, ways) : undefined) ?? pick(ways, random);
    bytes.push(byte);
    state = recogniser.advance(state, byte);
  }
  assert.ok(recogniser.accepts(state), `a dead end after ${decode(bytes)}`);
  return decode(bytes);
}

function followers(recogniser: Recogniser, state: number): number[] {
  return Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
    recogniser.advance(state, byte) !== FAILED
  );
}

/** Structure is chosen as often as letters: else objects are never finished. */
function pick(ways: readonly number[], random: () => number): number {
  const structure = ways.filter((byte) => '"{}[],:'.includes(String.fromCharCode(byte)));
  const from = structure.length > 0 && random() < 0.4 ? structure : ways;
  return from[Math.floor(random() * from.length)]!;
}

/** Bytes to an accepting state, if one is near. */
function nearEnd(recogniser: Recogniser, start: number): number[] | null {
  const cameFrom = new Map<number, readonly [state: number, byte: number] | null>([[start, null]]);
  for (const state of cameFrom.keys()) { // grows while it is walked
    if (cameFrom.size > 500) return null;
    if (recogniser.accepts(state)) {
      const bytes: number[] = [];
      for (let step = cameFrom.get(state); step; step = cameFrom.get(step[0])) bytes.unshift(step[1]);
      return bytes;
    }
    for (const byte of followers(recogniser, state)) {
      const next = recogniser.advance(state, byte);
      if (!cameFrom.has(next)) cameFrom.set(next, [state, byte]);
    }
  }
  return null;
}

/** The byte that closes the innermost string, object or array, if it can follow. */
function closing(bytes: readonly number[], ways: readonly number[]): number | undefined {
  const text = new TextDecoder().decode(Uint8Array.from(bytes));
  const quotes = text.replaceAll(/\\.?/g, "").split('"').length - 1;
  return (quotes % 2 === 1 ? [0x22] : [0x7d, 0x5d]).find((byte) => ways.includes(byte));
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
}

for (const [kind, schema] of Object.entries(KINDS)) {
  Deno.test(`${kind}: ${SAMPLES} random texts are valid for ajv`, () => {
    const isValid = ajvJudge(schema);
    const random = randomNumbers(kind.length * 7919 + 1);
    let compiled = compileSchema(schema);
    for (let i = 0; i < SAMPLES; i++) {
      if (i % 50 === 49) compiled = compileSchema(schema); // states are limited for one life
      compiled.budget.begin();
      const text = walk(compiled.recogniser, random);
      assert.ok(isValid(JSON.parse(text)), text);
    }
  });
}
