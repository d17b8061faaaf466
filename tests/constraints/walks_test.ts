// Texts that the mask lets through are judged by others, and texts that others accept must get through the mask.
import assert from "node:assert/strict";
import { FAILED } from "../../lib/constraints/engine/recogniser.ts";
import type { Recogniser, State } from "../../lib/constraints/engine/recogniser.ts";
import { TokenMasks } from "../../lib/constraints/tokens/mask.ts";
import { hasToken, idsOf } from "../../lib/constraints/tokens/token_set.ts";
import { CHOICES, type Example, GRAMMARS, REGEXES, SCHEMAS } from "./examples.ts";
import { pick, seededRandom } from "./random.ts";
import { openBundled, openByteFallback, type TestVocabulary } from "./vocabularies.ts";
import { compileRecogniser } from "./compile_recogniser.ts";

const VOCABULARIES = [openBundled(), openByteFallback()];
const MOST_TOKENS = 40;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of a shortest way to an end. */
function shortestEnd(recogniser: Recogniser, start: State): number[] {
  const ways = new Map<State, number[]>([[start, []]]);
  for (const [state, way] of ways) { // grows while it is walked
    if (recogniser.accepts(state)) return way;
    for (let byte = 0; byte < 256; byte++) {
      const next = recogniser.advance(state, byte);
      if (next !== FAILED && !ways.has(next)) ways.set(next, [...way, byte]);
    }
  }
  throw new Error("no end");
}

function randomText(
  recogniser: Recogniser,
  masks: TokenMasks,
  { bytes, end }: TestVocabulary,
  random: () => number,
) {
  let state = recogniser.initial;
  const text: number[] = [];
  for (let i = 0; i < MOST_TOKENS; i++) {
    const mask = masks.of(state);
    assert.equal(hasToken(mask, end), recogniser.accepts(state));
    const ids = idsOf(mask).filter((id) => id !== end);
    assert.ok(ids.length > 0 || hasToken(mask, end), "nothing is left");
    if (ids.length === 0 || hasToken(mask, end) && random() < 0.15) break;
    for (const byte of bytes[pick(random, ids)]!) {
      text.push(byte);
      state = recogniser.advance(state, byte);
    }
  }
  return decoder.decode(Uint8Array.from([...text, ...shortestEnd(recogniser, state)]));
}

function passes(
  recogniser: Recogniser,
  masks: TokenMasks,
  { codec, bytes, end }: TestVocabulary,
  text: string,
): boolean {
  let state = recogniser.initial;
  for (const id of codec.encode(text, { specials: false, postProcess: false })) {
    if (!hasToken(masks.of(state), id)) return false;
    for (const byte of bytes[id]!) state = recogniser.advance(state, byte);
  }
  return hasToken(masks.of(state), end);
}

function checkKind(examples: readonly Example[]): void {
  const random = seededRandom(7);
  const walks = Math.ceil(200 / examples.length);
  for (const example of examples) {
    const recogniser = compileRecogniser(example);
    for (const vocabulary of VOCABULARIES) {
      const masks = new TokenMasks(recogniser, vocabulary.vocabulary, [vocabulary.end]);
      for (let i = 0; i < walks; i++) {
        const text = randomText(recogniser, masks, vocabulary, random);
        assert.ok(example.judge(text), `${example.schema}: ${JSON.stringify(text)} got through`);
      }
      for (const text of example.valid) {
        assert.ok(example.judge(text), `${text} is a valid example`);
        const written = vocabulary.codec.decode(
          vocabulary.codec.encode(text, { specials: false, postProcess: false }),
        );
        if (written !== text) continue; // this tokenizer cannot write it (it adds a space, say)
        assert.ok(
          passes(recogniser, masks, vocabulary, text),
          `${example.schema}: ${JSON.stringify(text)} can't be`,
        );
      }
      for (const text of example.invalid) {
        assert.ok(!example.judge(text), `${text} is an invalid example`);
        assert.ok(
          !passes(recogniser, masks, vocabulary, text),
          `${example.schema}: ${JSON.stringify(text)} got through`,
        );
      }
    }
  }
}

Deno.test("choices: 200 random walks are options, and every option can be written", () => checkKind(CHOICES));
Deno.test("regexes: 200 random walks match, and matching texts can be written", () => checkKind(REGEXES));
Deno.test("grammars: 200 random walks are parsed by others, and their texts can be written", () =>
  checkKind(GRAMMARS));
Deno.test("schemas: 200 random walks are valid after ajv, and valid texts can be written", () =>
  checkKind(SCHEMAS));
