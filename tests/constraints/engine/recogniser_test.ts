import assert from "node:assert/strict";
import fc from "fast-check";
import { createRecogniser } from "../../../lib/constraints/engine/machine.ts";
import { FAILED } from "../../../lib/constraints/engine/recogniser.ts";
import type { Recogniser, State } from "../../../lib/constraints/engine/recogniser.ts";
import { GrammarBuilder } from "../../../lib/constraints/ir/grammar.ts";
import { Budget, DEFAULT_LIMITS } from "../../../lib/constraints/ir/limits.ts";
import { RegexArena } from "../../../lib/constraints/ir/regex.ts";
import { literal } from "../../../lib/constraints/ir/utf8.ts";
import { languagesOf, makeGrammar, randomPlan } from "../random_grammar.ts";

const LONGEST = 6;
const TEXTS = Array.from({ length: LONGEST + 1 }, (_, length) => {
  return Array.from({ length: 2 ** length }, (_, bits) => {
    return Array.from({ length }, (_, i) => (bits >> i & 1) === 1 ? "b" : "a").join("");
  });
}).flat();

function read(recogniser: Recogniser, text: string): State {
  let state = recogniser.initial;
  for (const byte of new TextEncoder().encode(text)) state = recogniser.advance(state, byte);
  return state;
}

/** Some text leads from here to an accepting state; states are finitely many in what the tests use. */
function canEnd(recogniser: Recogniser, start: State): boolean {
  const seen = new Set([start]);
  for (const state of seen) {
    if (recogniser.accepts(state)) return true;
    if (seen.size > 20_000) throw new Error("no end found");
    for (const byte of [97, 98]) {
      const next = recogniser.advance(state, byte);
      if (next !== FAILED) seen.add(next);
    }
  }
  return false;
}

Deno.test("random grammars, left recursion and empty rules included, accept what sets of texts say", () => {
  let judged = 0;
  fc.assert(
    fc.property(randomPlan(), (plans) => {
      const [language] = languagesOf(plans, LONGEST);
      const made = makeGrammar(plans);
      let recogniser: Recogniser;
      try {
        recogniser = createRecogniser(made.grammar, made);
      } catch (error) {
        assert.match((error as Error).message, /no text at all/);
        assert.equal(language!.size, 0);
        return;
      }
      judged++;
      for (const text of TEXTS) {
        const state = read(recogniser, text);
        assert.equal(recogniser.accepts(state), language!.has(text), JSON.stringify(text));
        if (text.length > 3) continue;
        const begins = [...language!].some((whole) => whole.startsWith(text));
        if (begins) assert.notEqual(state, FAILED, `${text} begins a text`);
        if (state !== FAILED) assert.ok(canEnd(recogniser, state), `${text} has no end`);
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(judged > 500, `${judged} grammars had a text`);
});

function create(
  define: (builder: GrammarBuilder, arena: RegexArena) => ReturnType<GrammarBuilder["finish"]>,
) {
  const budget = new Budget();
  const [arena, builder] = [new RegexArena(budget), new GrammarBuilder(budget)];
  return createRecogniser(define(builder, arena), { arena, builder, budget });
}

Deno.test("states are equal where the possibilities are", () => {
  const recogniser = create((builder, arena) => {
    const item = builder.terminal(literal(arena, "ab"), { name: "ab" });
    return builder.finish(builder.repeat(item, 0, Infinity));
  });
  assert.equal(read(recogniser, "ab"), read(recogniser, "abab"));
  assert.equal(recogniser.advance(FAILED, 97), FAILED);
  assert.equal(read(recogniser, "b"), FAILED);
});

Deno.test("an ambiguous grammar stays small", () => {
  const recogniser = create((builder, arena) => {
    const letter = builder.terminal(literal(arena, "a"), { name: "a" });
    const rule = builder.rule({ name: "s" });
    const [call, empty] = [builder.call(rule), builder.empty];
    builder.define(
      rule,
      builder.choice([builder.seq([call, call]), builder.seq([call, call, call]), letter, empty]),
    );
    return builder.finish(call);
  });
  const state = read(recogniser, "a".repeat(60));
  assert.ok(recogniser.accepts(state));
  assert.ok(recogniser.threads(state).length <= 4);
});

Deno.test("large counts and nesting: numbers stay numbers, and too deep is a sentence", () => {
  const counted = create((builder, arena) => {
    const letter = builder.terminal(literal(arena, "a"), { name: "a" });
    return builder.finish(builder.repeat(letter, 2, 100_000));
  });
  assert.ok(!counted.accepts(read(counted, "a")));
  assert.ok(counted.accepts(read(counted, "a".repeat(2000))));
  const nested = create((builder, arena) => {
    const [open, close] = ["[", "]"].map((text) => builder.terminal(literal(arena, text), { name: text }));
    const rule = builder.rule({ name: "list" });
    builder.define(rule, builder.seq([open!, builder.optional(builder.call(rule)), close!]));
    return builder.finish(builder.call(rule));
  });
  assert.ok(nested.accepts(read(nested, "[".repeat(1000) + "]".repeat(1000))));
  assert.throws(() => read(nested, "[".repeat(5000)), /nests deeper than 3000 levels/);
});

Deno.test("a terminal's dead ends are known before they are entered", () => {
  const recogniser = create((builder, arena) => {
    const some = arena.repeat(literal(arena, "a"), 1, Infinity);
    const both = arena.and([
      arena.concat([some, literal(arena, "b")]),
      arena.alt([arena.concat([some, literal(arena, "c")]), literal(arena, "ab")]),
    ]);
    return builder.finish(builder.terminal(both, { name: "both" }));
  });
  assert.notEqual(read(recogniser, "a"), FAILED);
  assert.equal(read(recogniser, "aa"), FAILED);
});

Deno.test("an undefined rule and an impossible grammar are named", () => {
  assert.throws(
    () => create((builder) => builder.finish(builder.call(builder.rule({ name: "missing" })))),
    /rule missing is used but not defined/,
  );
  assert.throws(
    () =>
      create((builder, arena) => {
        const rule = builder.rule({ name: "endless" });
        const letter = builder.terminal(literal(arena, "a"), { name: "a" });
        builder.define(rule, builder.seq([letter, builder.call(rule)]));
        return builder.finish(builder.call(rule));
      }),
    /allows no text at all/,
  );
});

Deno.test("limits of states and alternatives are sentences", () => {
  const budget = new Budget({ ...DEFAULT_LIMITS, states: 50 });
  const [arena, builder] = [new RegexArena(budget), new GrammarBuilder(budget)];
  const letter = builder.terminal(literal(arena, "a"), { name: "a" });
  const recogniser = createRecogniser(builder.finish(builder.repeat(letter, 0, 1000)), {
    arena,
    builder,
    budget,
  });
  assert.throws(() => read(recogniser, "a".repeat(100)), /more than 50 states/);
});
