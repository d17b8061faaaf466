import assert from "node:assert/strict";
import type { ConstraintSource } from "../../../lib/constraints/compile.ts";
import { FAILED } from "../../../lib/constraints/engine/recogniser.ts";
import type { Recogniser, State } from "../../../lib/constraints/engine/recogniser.ts";
import { automatonOf } from "../../../lib/constraints/explain/automaton.ts";
import { readBytes } from "../../../lib/constraints/explain/barred.ts";
import { findExpectations } from "../../../lib/constraints/explain/expected.ts";
import { findForcedStretch } from "../../../lib/constraints/explain/next_bytes.ts";
import { isOnlyUnusualLeft } from "../../../lib/constraints/explain/usual.ts";
import { listBytes } from "../../../lib/constraints/ir/byte_set.ts";
import { TokenMasks } from "../../../lib/constraints/tokens/mask.ts";
import { hasToken, idsOf } from "../../../lib/constraints/tokens/token_set.ts";
import { CHOICES, GRAMMARS, REGEXES, SCHEMAS } from "../examples.ts";
import { pick, seededRandom } from "../random.ts";
import { openBundled } from "../vocabularies.ts";
import { compileRecogniser } from "../compile_recogniser.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function stateAfter(recogniser: Recogniser, text: string): State {
  const reading = readBytes(recogniser, recogniser.initial, bytesOf(text));
  assert.ok(reading.possible, text);
  return reading.state;
}

/** True where the whole text so far can go on: read from the beginning, byte by byte. */
function begins(recogniser: Recogniser, text: readonly number[]): boolean {
  return text.reduce((state, byte) => recogniser.advance(state, byte), recogniser.initial) !== FAILED;
}

Deno.test("of 1,000 random barred tokens, the byte and what was expected are what trying every byte finds", () => {
  const { vocabulary, bytes, end } = openBundled();
  const random = seededRandom(11);
  const sources = [...REGEXES, ...CHOICES, ...GRAMMARS, ...SCHEMAS];
  let checked = 0;
  for (let round = 0; checked < 1000; round++) {
    const recogniser = compileRecogniser(sources[round % sources.length]!);
    const masks = new TokenMasks(recogniser, vocabulary, [end]);
    const text: number[] = [];
    let state = recogniser.initial;
    for (let i = 0; i < 12; i++) {
      const mask = masks.of(state);
      for (let tries = 0; tries < 6; tries++) {
        const id = Math.floor(random() * bytes.length);
        if (bytes[id] === null || hasToken(mask, id)) continue;
        checkBarred(recogniser, state, text, bytes[id]!);
        checked++;
      }
      const ids = idsOf(mask).filter((id) => id !== end);
      if (ids.length === 0) break;
      for (const byte of bytes[pick(random, ids)]!) {
        text.push(byte);
        state = recogniser.advance(state, byte);
      }
    }
  }
});

function checkBarred(recogniser: Recogniser, state: State, text: readonly number[], token: Uint8Array): void {
  const reading = readBytes(recogniser, state, token);
  assert.ok(!reading.possible);
  const before = [...text, ...token.subarray(0, reading.failedAt)];
  assert.ok(begins(recogniser, before) && !begins(recogniser, [...before, token[reading.failedAt]!]));
  const expected = new Set(reading.expected.flatMap(({ bytes }) => listBytes(bytes)));
  for (let byte = 0; byte < 256; byte++) {
    assert.equal(expected.has(byte), begins(recogniser, [...before, byte]), `byte ${byte} after ${before}`);
  }
}

/** What is expected after a text, in words, and the part of the source that asks for it. */
function explained(source: ConstraintSource, text: string): string[] {
  const recogniser = compileRecogniser(source);
  return findExpectations(recogniser, stateAfter(recogniser, text)).map(({ what, origin, begun }) => {
    const place = origin.pointer ?? source.schema.slice(origin.from, origin.to);
    return `${what} ← ${place}${begun ? " (begun)" : ""}`;
  }).sort();
}

Deno.test("what may come next is said in words, with its place", () => {
  const regex = (schema: string): ConstraintSource => ({ type: "regex", schema });
  assert.deepEqual(explained(regex("[A-Z]\\d{2}(x|é)?"), "A"), ["a digit ← \\d"]);
  assert.deepEqual(explained(regex("[A-Z]\\d{2}(x|é)?"), "A12"), ['"x" ← x', '"é" ← é']);
  assert.deepEqual(explained(regex('[^"]*!'), ""), [
    '"!" ← !',
    'any character but " ← [^"]',
  ]);
  assert.deepEqual(explained(regex(".+"), ""), ["any character but line break carriage return ← ."]);
  assert.deepEqual(explained(regex("[α-ω_]+"), ""), ["_ or a character beyond ASCII ← [α-ω_]"]);
  assert.deepEqual(explained({ type: "multiple_choice", schema: "Paris\nParma\nRome" }, "Par"), [
    '"is" ← Paris (begun)',
    '"ma" ← Parma (begun)',
  ]);
  const grammar = 'root ::= "a" digits\ndigits ::= [0-9]+ | "none"';
  assert.deepEqual(explained({ type: "cfg", schema: grammar }, "a"), ['"none" ← "none"', "a digit ← [0-9]"]);
  const schema =
    '{"type":"object","properties":{"n":{"enum":["one","two"]}},"required":["n"],"additionalProperties":false}';
  for (const line of explained({ type: "json_schema", schema }, '{"n": ')) {
    assert.match(line, /← \/properties\/n/);
  }
});

Deno.test("a token's bar names the byte and the rule", () => {
  const recogniser = compileRecogniser({ type: "cfg", schema: 'root ::= "né" digit+\ndigit ::= [0-9]' });
  const reading = readBytes(recogniser, recogniser.initial, bytesOf("né1x"));
  assert.ok(!reading.possible);
  assert.equal(reading.failedAt, 4);
  assert.equal(reading.mayEnd, true);
  assert.deepEqual(reading.expected.map(({ what, origin }) => [what, origin.name]), [["a digit", "[0-9]"]]);
});

Deno.test("a forced stretch goes to the next choice, and says where the text must end", () => {
  const recogniser = compileRecogniser({ type: "multiple_choice", schema: "Müller\nMüllers\nMaier" });
  assert.deepEqual(findForcedStretch(recogniser, recogniser.initial).bytes, bytesOf("M"));
  const stretch = findForcedStretch(recogniser, stateAfter(recogniser, "Mü"));
  assert.deepEqual([stretch.bytes, stretch.ends], [bytesOf("ller"), false]); // it may end, or go on
  const end = findForcedStretch(recogniser, stateAfter(recogniser, "Ma"));
  assert.deepEqual([end.bytes, end.ends], [bytesOf("ier"), true]);
});

Deno.test("the warning comes where only unusual ways to write the text are left", () => {
  const { codec, vocabulary, end } = openBundled();
  const tokenizer = {
    encode: (text: string) => codec.encode(text, { specials: false, postProcess: false }),
    bytes: codec.bytes,
  };
  const recogniser = compileRecogniser({ type: "multiple_choice", schema: "Paris" });
  const masks = new TokenMasks(recogniser, vocabulary, [end]);
  const left = (text: string) => idsOf(masks.of(stateAfter(recogniser, text)));
  const ids = (text: string) => tokenizer.encode(text);
  assert.deepEqual(ids("Paris").length, 1);
  assert.equal(isOnlyUnusualLeft(left(""), ids("The capital is:"), tokenizer), false);
  assert.equal(isOnlyUnusualLeft(left("Pa"), [...ids("The capital is:"), ...ids("Pa")], tokenizer), true);
});

Deno.test("a small automaton can be drawn, a large one is not", () => {
  const { states, arrows } = automatonOf(compileRecogniser({ type: "regex", schema: "a[0-9]*" }), 10)!;
  assert.deepEqual(states.map(({ accepts }) => accepts), [false, true]);
  assert.deepEqual(arrows, [{ from: 0, to: 1, label: "a" }, { from: 1, to: 1, label: "a digit" }]);
  assert.equal(automatonOf(compileRecogniser({ type: "regex", schema: "a{1,100000}" }), 50), null);
});

Deno.test("an arrow is a whole character: the bytes of one have no states of their own", () => {
  const { states, arrows } = automatonOf(
    compileRecogniser({ type: "regex", schema: "[aé€]*\\u{1F600}." }),
    10,
  )!;
  assert.deepEqual(states.map(({ accepts }) => accepts), [false, false, true]);
  assert.deepEqual(arrows.map(({ from, to }) => [from, to]), [[0, 0], [0, 1], [1, 2]]);
  assert.match(arrows[0]!.label, /^a or a character beyond ASCII$/);
});
