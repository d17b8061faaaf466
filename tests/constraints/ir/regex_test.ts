import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesOfRanges } from "../../../lib/constraints/ir/byte_set.ts";
import {
  classifyBytes,
  derive,
  findShortestText,
  isEmptyLanguage,
  matches,
} from "../../../lib/constraints/ir/derive.ts";
import { Budget, DEFAULT_LIMITS } from "../../../lib/constraints/ir/limits.ts";
import { RegexArena } from "../../../lib/constraints/ir/regex.ts";
import type { Regex } from "../../../lib/constraints/ir/regex.ts";
import { literal } from "../../../lib/constraints/ir/utf8.ts";

/** All texts over {a, b} of up to this length: a language is judged by which of them are in it. */
const LONGEST = 6;
const TEXTS = Array.from({ length: LONGEST + 1 }, (_, length) => {
  return Array.from({ length: 2 ** length }, (_, bits) => {
    return Array.from({ length }, (_, i) => (bits >> i & 1) === 1 ? "b" : "a").join("");
  });
}).flat();
const bytes = (text: string) => new TextEncoder().encode(text);

interface Pair {
  readonly regex: Regex;
  readonly language: ReadonlySet<string>;
}

const joined = (a: ReadonlySet<string>, b: ReadonlySet<string>) => {
  const found = new Set<string>();
  for (const x of a) for (const y of b) if (x.length + y.length <= LONGEST) found.add(x + y);
  return found;
};

function repeated(of: ReadonlySet<string>, min: number, max: number): Set<string> {
  let power: ReadonlySet<string> = new Set([""]);
  const found = new Set<string>();
  for (let i = 0; i <= Math.min(max, min + LONGEST); i++) {
    if (i >= min) { for (const text of power) found.add(text); }
    power = joined(power, of);
  }
  return found;
}

function randomRegex(arena: RegexArena): fc.Arbitrary<Pair> {
  const byte = (text: string) => ({ regex: literal(arena, text), language: new Set([text]) });
  const either = { regex: arena.bytes(bytesOfRanges([97, 98])), language: new Set(["a", "b"]) };
  const leaf = fc.constantFrom<Pair>(byte("a"), byte("b"), byte(""), byte("ab"), either);
  const { tree } = fc.letrec<{ tree: Pair }>((tie) => {
    const many = fc.array(tie("tree"), { minLength: 1, maxLength: 3 });
    const concat = many.map((parts) => ({
      regex: arena.concat(parts.map((part) => part.regex)),
      language: parts.map((part) => part.language).reduce(joined),
    }));
    const alt = many.map((parts) => ({
      regex: arena.alt(parts.map((part) => part.regex)),
      language: new Set(parts.flatMap((part) => [...part.language])),
    }));
    const and = many.map((parts) => ({
      regex: arena.and(parts.map((part) => part.regex)),
      language: new Set(TEXTS.filter((text) => parts.every((part) => part.language.has(text)))),
    }));
    const not = tie("tree").map((part) => ({
      regex: arena.not(part.regex),
      language: new Set(TEXTS.filter((text) => !part.language.has(text))),
    }));
    const repeat = fc.tuple(tie("tree"), fc.nat(3), fc.constantFrom(0, 1, 2, Infinity)).map(
      ([part, min, more]) => ({
        regex: arena.repeat(part.regex, min, min + more),
        language: repeated(part.language, min, min + more),
      }),
    );
    return { tree: fc.oneof({ maxDepth: 4 }, leaf, concat, alt, repeat, and, not) };
  });
  return tree;
}

Deno.test("derivatives decide every operator as sets of texts do", () => {
  const arena = new RegexArena(new Budget({ ...DEFAULT_LIMITS, milliseconds: 60_000 }));
  fc.assert(
    fc.property(randomRegex(arena), ({ regex, language }) => {
      for (const text of TEXTS) {
        assert.equal(matches(arena, regex, bytes(text)), language.has(text), JSON.stringify(text));
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("bytes of one class have the same derivative", () => {
  const arena = new RegexArena(new Budget());
  fc.assert(fc.property(randomRegex(arena), fc.nat(255), fc.nat(255), ({ regex }, a, b) => {
    const classes = classifyBytes([regex]);
    if (classes[a] === classes[b]) assert.equal(derive(arena, regex, a), derive(arena, regex, b));
  }));
});

Deno.test("emptiness and disjointness see through intersections", () => {
  const arena = new RegexArena(new Budget());
  const some = arena.repeat(literal(arena, "a"), 1, Infinity);
  const endsIn = (text: string) => arena.concat([some, literal(arena, text)]);
  assert.ok(isEmptyLanguage(arena, arena.and([endsIn("b"), endsIn("c")])));
  assert.ok(!isEmptyLanguage(arena, arena.and([endsIn("b"), endsIn("ab")])));
  assert.ok(isEmptyLanguage(arena, arena.and([some, arena.not(some)])));
  assert.ok(!isEmptyLanguage(arena, arena.not(some)));
  assert.deepEqual(
    findShortestText(arena, arena.and([endsIn("b"), arena.not(literal(arena, "ab"))])),
    bytes("aab"),
  );
});

Deno.test("what is in a language and not in it is nothing at once, without a search", () => {
  const arena = new RegexArena(new Budget());
  const language = arena.repeat(arena.byte(97), 0, Infinity);
  const many = arena.repeat(arena.alt([language, arena.byte(98)]), 0, 1000);
  assert.equal(arena.and([many, arena.not(language), language]), arena.nothing);
});

Deno.test("equal structures are one object; counts stay numbers", () => {
  const arena = new RegexArena(new Budget());
  const [a, b] = [literal(arena, "a"), literal(arena, "b")];
  assert.equal(arena.alt([a, b, a]), arena.alt([b, a]));
  assert.equal(arena.concat([arena.concat([a, b]), a]), arena.concat([a, arena.concat([b, a])]));
  const many = arena.repeat(a, 1, 100_000);
  assert.equal(derive(arena, many, 97), arena.repeat(a, 0, 99_999));
});

Deno.test("an automaton is an expression like others", () => {
  const arena = new RegexArena(new Budget());
  const thirds = { // as many letters as a multiple of three
    sets: [bytesOfRanges([97, 98])],
    next: (state: number, byte: number) => byte === 97 || byte === 98 ? (state + 1) % 3 : -1,
    accepts: (state: number) => state === 0,
  };
  const evens = arena.repeat(arena.bytes(bytesOfRanges([97, 98])), 2, 2);
  const both = arena.and([
    arena.automaton(thirds, 0),
    arena.not(arena.empty),
    arena.repeat(evens, 0, Infinity),
  ]);
  for (const text of TEXTS) assert.equal(matches(arena, both, bytes(text)), text.length === 6, text);
  assert.equal(findShortestText(arena, both)!.length, 6);
  assert.equal(classifyBytes([both])[97], classifyBytes([both])[98]);
  assert.notEqual(classifyBytes([both])[97], classifyBytes([both])[99]);
});

Deno.test("what a constraint makes is counted and refused beyond the limit", () => {
  const arena = new RegexArena(new Budget({ ...DEFAULT_LIMITS, expressions: 100 }));
  assert.throws(() => literal(arena, "abcdefgh".repeat(20)), /more than 100 partial expressions/);
  let time = 0;
  const slow = new Budget({ ...DEFAULT_LIMITS, milliseconds: 10 }, () => time++);
  slow.begin();
  assert.throws(() => {
    for (let i = 0; i < 100_000; i++) slow.step();
  }, /longer than 0.01 s/);
});
