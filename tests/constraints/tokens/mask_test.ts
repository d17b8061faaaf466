import assert from "node:assert/strict";
import { compileConstraint } from "../../../lib/constraints/compile.ts";
import { FAILED } from "../../../lib/constraints/engine/recogniser.ts";
import type { Recogniser, State } from "../../../lib/constraints/engine/recogniser.ts";
import { DEFAULT_LIMITS } from "../../../lib/constraints/ir/limits.ts";
import { TokenMasks } from "../../../lib/constraints/tokens/mask.ts";
import {
  addToken,
  countTokens,
  createTokenSet,
  hasToken,
  idsOf,
} from "../../../lib/constraints/tokens/token_set.ts";
import { CHOICES, GRAMMARS, REGEXES } from "../examples.ts";
import { pick, seededRandom } from "../random.ts";
import { openBundled, openByteFallback } from "../vocabularies.ts";

/** Every token tried alone. */
function bruteForce(
  recogniser: Recogniser,
  state: State,
  bytes: readonly (Uint8Array | null)[],
  end: number,
): number[] {
  const allowed: number[] = [];
  bytes.forEach((token, id) => {
    if (id === end && recogniser.accepts(state)) allowed.push(id);
    if (token === null || token.length === 0) return;
    let at = state;
    for (const byte of token) if ((at = recogniser.advance(at, byte)) === FAILED) return;
    allowed.push(id);
  });
  return allowed;
}

const SCHEMA = JSON.stringify({
  type: "object",
  properties: {
    name: { type: "string", maxLength: 40 },
    code: { type: "string", pattern: "^[A-Z]{2,5}-\\d+$" },
    note: { type: "string" },
    tags: { type: "array", items: { enum: ["red", "green", "größer"] }, maxItems: 3 },
    any: {},
  },
  required: ["name"],
});

/** Bounds that are far away at first and near in the end, and names that are barred. */
const BOUNDED = JSON.stringify({
  type: "object",
  properties: {
    words: { type: "string", maxLength: 150, pattern: "^(?:\\S+\\s+){0,29}\\S+$" },
    mail: { type: "string", format: "email", maxLength: 60 },
    long: { type: "string", minLength: 30, maxLength: 90, pattern: "é|a" },
    two: { anyOf: [{ type: "string", maxLength: 50 }, { type: "string", pattern: "^x", maxLength: 130 }] },
  },
  required: ["words"],
  additionalProperties: { type: "string", maxLength: 70 },
});

Deno.test("the mask is every token that can be tried alone, in 1,000 random states", () => {
  let all = 0;
  const random = seededRandom(3);
  const sources = [
    ...REGEXES,
    ...CHOICES,
    ...GRAMMARS,
    { type: "json_schema", schema: SCHEMA } as const,
    { type: "json_schema", schema: BOUNDED } as const,
    {
      type: "json_schema",
      schema: '{"type":"string","maxLength":100,"pattern":"^(?:\\\\S+\\\\s+){0,29}\\\\S+$"}',
    } as const,
    { type: "regex", schema: "(?:[a-z]{1,40} ){0,60}(?:end|[ -~]{50,200}!)" } as const,
    {
      type: "regex",
      schema: '[^"]*',
    } as const,
    { type: "regex", schema: "x?[ -~]{3,90}é" } as const,
  ];
  const STATES = 23; // of each source under each vocabulary, the last ones after up to 40 tokens
  for (const open of [openBundled, openByteFallback]) {
    const { vocabulary, bytes, end } = open();
    for (const source of sources) {
      const compiled = compileConstraint(source, { ...DEFAULT_LIMITS, milliseconds: 30_000 });
      assert.ok(compiled.ok, compiled.ok ? "" : compiled.error.message);
      const { recogniser } = compiled.constraint;
      const masks = new TokenMasks(recogniser, vocabulary, [end]);
      let state = recogniser.initial;
      for (let i = 0; i < STATES; i++) {
        const ids = idsOf(masks.of(state));
        assert.deepEqual(
          ids,
          bruteForce(recogniser, state, bytes, end),
          `${source.schema} after ${i} tokens`,
        );
        all++;
        const texts = ids.filter((id) => id !== end);
        state = recogniser.initial;
        if (texts.length === 0 || random() < 0.05) continue;
        state = walk(recogniser, masks, bytes, end, random, (i / (STATES - 1)) * 40);
      }
    }
  }
  assert.ok(all >= 1000, `only ${all} states`);
});

/** A state after some random tokens. */
function walk(
  recogniser: Recogniser,
  masks: TokenMasks,
  bytes: readonly (Uint8Array | null)[],
  end: number,
  random: () => number,
  most: number,
): State {
  let state = recogniser.initial;
  for (let i = random() * most; i > 0; i--) {
    const ids = idsOf(masks.of(state)).filter((id) => id !== end);
    if (ids.length === 0) break;
    for (const byte of bytes[pick(random, ids)]!) state = recogniser.advance(state, byte);
  }
  return state;
}

Deno.test("sets of tokens: adding, counting, listing", () => {
  const set = createTokenSet(100);
  for (const id of [0, 31, 32, 63, 99]) addToken(set, id);
  assert.deepEqual(idsOf(set), [0, 31, 32, 63, 99]);
  assert.equal(countTokens(set), 5);
  assert.ok(hasToken(set, 63) && !hasToken(set, 62));
});

Deno.test("a counted string's mask is right on all the way to its bound", () => {
  const { vocabulary, bytes, end } = openBundled();
  const schemas = [
    { type: "string", maxLength: 100, pattern: "^[ a-z]*[0-9]{26}$" },
    { type: "string", maxLength: 60, minLength: 50, pattern: "^[ b-z]*a*-{8}$" },
    { type: "string", maxLength: 140, pattern: "^[ a-z]{0,130}(X|-{9,30})$" },
  ];
  for (const schema of schemas.map((schema) => JSON.stringify(schema))) {
    const compiled = compileConstraint({ type: "json_schema", schema }, {
      ...DEFAULT_LIMITS,
      milliseconds: 60_000,
    });
    assert.ok(compiled.ok);
    const { recogniser } = compiled.constraint;
    const masks = new TokenMasks(recogniser, vocabulary, [end]);
    let state = recogniser.advance(recogniser.initial, '"'.charCodeAt(0));
    for (let spaces = 0; state !== FAILED; spaces++) {
      assert.deepEqual(
        idsOf(masks.of(state)),
        bruteForce(recogniser, state, bytes, end),
        `${schema}, ${spaces}`,
      );
      state = recogniser.advance(state, " ".charCodeAt(0));
    }
  }
});
