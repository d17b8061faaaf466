import assert from "node:assert/strict";
import fc from "fast-check";
import { createRecogniser } from "../../../lib/constraints/engine/machine.ts";
import { FAILED } from "../../../lib/constraints/engine/recogniser.ts";
import { GrammarBuilder } from "../../../lib/constraints/ir/grammar.ts";
import { Budget } from "../../../lib/constraints/ir/limits.ts";
import { RegexArena } from "../../../lib/constraints/ir/regex.ts";
import { literal } from "../../../lib/constraints/ir/utf8.ts";

/** Items are the letters a, b, c …; "x" is another; "," separates and "}" ends. */
interface Plan {
  readonly required: readonly boolean[];
  readonly others: boolean;
  readonly ordered: boolean;
  readonly min: number;
  readonly max: number;
}

const PLANS = fc.record({
  required: fc.array(fc.boolean(), { maxLength: 3 }),
  others: fc.boolean(),
  ordered: fc.boolean(),
  min: fc.nat(3),
  max: fc.constantFrom(0, 1, 2, 3, 4, Infinity),
});

const MOST_MEMBERS = 4;

/** Every sequence of up to MOST_MEMBERS members, with a verdict straight from the rules. */
function* judged(
  { required, others, ordered, min, max }: Plan,
): Iterable<readonly [text: string, valid: boolean]> {
  const letters = [...required.map((_, i) => "abc"[i]!), "x"];
  let sequences: string[][] = [[]];
  for (let length = 0; length <= MOST_MEMBERS; length++) {
    for (const members of sequences) {
      const named = members.filter((member) => member !== "x");
      const valid = new Set(named).size === named.length && (others || named.length === members.length) &&
        members.length >= min && members.length <= max &&
        required.every((needed, i) => !needed || members.includes("abc"[i]!)) &&
        (!ordered || members.join("") === members.toSorted().join(""));
      yield [`${members.join(",")}}`, valid];
    }
    sequences = sequences.flatMap((members) => letters.map((letter) => [...members, letter]));
  }
}

function recogniserOf(plan: Plan) {
  const budget = new Budget();
  const arena = new RegexArena(budget);
  const builder = new GrammarBuilder(budget);
  const terminal = (text: string) => builder.terminal(literal(arena, text), { name: text });
  const list = builder.members({
    items: plan.required.map((required, i) => ({ expr: terminal("abc"[i]!), required })),
    others: plan.others ? terminal("x") : builder.nothing,
    separator: terminal(","),
    end: terminal("}"),
    ordered: plan.ordered,
    min: plan.min,
    max: plan.max,
  });
  return createRecogniser(builder.finish(list), { arena, builder, budget });
}

Deno.test("members come in any or the given order, each once, within the counts, and never lead into a dead end", () => {
  fc.assert(
    fc.property(PLANS, (plan) => {
      const all = [...judged(plan)];
      if (!all.some(([, valid]) => valid)) {
        return void assert.throws(() => recogniserOf(plan), /allows no text/);
      }
      const recogniser = recogniserOf(plan);
      const prefixes = new Set(
        all.filter(([, valid]) => valid).flatMap(([text]) => {
          return Array.from({ length: text.length + 1 }, (_, i) => text.slice(0, i));
        }),
      );
      for (const [text, valid] of all) {
        let state = recogniser.initial;
        for (let i = 0; i < text.length; i++) {
          state = recogniser.advance(state, text.charCodeAt(i));
          const members = text.slice(0, i + 1).split(",");
          const missing = plan.required.filter((needed, i) => needed && !members.includes("abc"[i]!)).length;
          const expected = prefixes.has(text.slice(0, i + 1));
          // Longer texts than were listed here may begin so.
          if (expected || members.length + missing < MOST_MEMBERS) {
            assert.equal(state !== FAILED, expected, `${JSON.stringify(plan)} ${text.slice(0, i + 1)}`);
          }
        }
        assert.equal(recogniser.accepts(state), valid, `${JSON.stringify(plan)} ${text}`);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("forty members in any order cost nothing before they are written", () => {
  const required = Array.from({ length: 40 }, () => true);
  const budget = new Budget();
  const arena = new RegexArena(budget);
  const builder = new GrammarBuilder(budget);
  const terminal = (text: string) => builder.terminal(literal(arena, text), { name: text });
  const items = required.map((needed, i) => ({ expr: terminal(`k${i};`), required: needed }));
  const list = {
    items,
    others: builder.nothing,
    separator: terminal(","),
    end: terminal("}"),
    ordered: false,
  };
  const start = builder.members({ ...list, min: 0, max: Infinity });
  const recogniser = createRecogniser(builder.finish(start), { arena, builder, budget });
  const text = required.map((_, i) => `k${(i * 7) % 40};`).join(",");
  let state = recogniser.initial;
  for (const byte of new TextEncoder().encode(text)) state = recogniser.advance(state, byte);
  assert.notEqual(recogniser.advance(state, 0x7d), FAILED);
  assert.equal(recogniser.advance(state, 0x2c), FAILED);
});
