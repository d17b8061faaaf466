import assert from "node:assert/strict";
import fc from "fast-check";
import { HeldText } from "../../lib/engine/held_text.ts";

const bytes = (text: string) => [...new TextEncoder().encode(text)];

/** The text that tokens make, each a text or bytes, up to a stop sequence. */
function read(
  stops: readonly string[],
  tokens: readonly (string | readonly number[])[],
  special = false,
  { stop: showStop = false, passed = 0 } = {}, // so many tokens come before a stop sequence may end
) {
  const held = new HeldText(stops, { special, stop: showStop });
  const out: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const isSpecial = typeof token === "string" && token.startsWith("<|");
    const { text, stop } = held.add(
      typeof token === "string" ? bytes(token) : token,
      isSpecial,
      at >= passed,
    );
    out.push(text);
    if (stop !== null) return { out, stop };
  }
  return { out: [...out, held.end()], stop: null };
}

Deno.test("a character comes when it is whole", () => {
  const [a, b] = [bytes("é").slice(0, 1), bytes("é").slice(1)];
  assert.deepEqual(read([], ["x", a, b, "y"]).out, ["x", "", "é", "y", ""]);
  assert.deepEqual(read([], ["x", a]).out, ["x", "", "\ufffd"]);
});

Deno.test("the beginning of a stop sequence is held until it is none", () => {
  assert.deepEqual(read(["END"], ["a E", "N", "x", "b"]), { out: ["a ", "", "ENx", "b", ""], stop: null });
  assert.deepEqual(read(["END"], ["a E", "N", "D!", "b"]), { out: ["a ", "", ""], stop: "END" });
  assert.deepEqual(read(["END"], ["a E", "N"]), { out: ["a ", "", "EN"], stop: null });
});

Deno.test("the stop sequence that comes first ends the text, the longer one may be begun", () => {
  assert.deepEqual(read(["aab", "ab"], ["a", "a", "b"]), { out: ["", "", ""], stop: "aab" });
  assert.deepEqual(read(["\n\n", "b"], ["a\n", "b"]), { out: ["a", "\n"], stop: "b" });
});

Deno.test("a stop sequence may end after the first tokens only, and may begin in them; it may be part of the text", () => {
  assert.deepEqual(read(["b"], ["ab", "c", "b"], false, { passed: 2 }), { out: ["ab", "c", ""], stop: "b" });
  assert.deepEqual(read(["bc"], ["ab", "c", "d"], false, { passed: 1 }), { out: ["a", ""], stop: "bc" });
  assert.deepEqual(read(["bc", "cd"], ["ab", "c", "d"], false, { passed: 2 }), {
    out: ["a", "b", ""],
    stop: "cd",
  });
  const shown = { stop: true };
  assert.deepEqual(read(["bc"], ["ab", "cd"], false, shown), { out: ["a", "bc"], stop: "bc" });
});

Deno.test("special tokens are looked at for stop sequences, and not shown", () => {
  assert.deepEqual(read(["<|im_end|>"], ["a", "<|im_end|>", "b"]), { out: ["a", ""], stop: "<|im_end|>" });
  assert.deepEqual(read([], ["a", "<|im_end|>", "b"]).out.join(""), "ab");
  assert.deepEqual(read([], ["a", "<|im_end|>", "b"], true).out.join(""), "a<|im_end|>b");
  assert.deepEqual(read(["|>c"], ["a", "<|x|>", "c"]), { out: ["a", "", ""], stop: "|>c" });
});

Deno.test("any cut of a text into tokens gives what indexOf says", () => {
  const letter = fc.constantFrom("a", "b", "é");
  const text = fc.array(letter, { maxLength: 12 });
  fc.assert(
    fc.property(
      text,
      fc.array(fc.string({ unit: letter, minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      (tokens, stops) => {
        const { out, stop } = read(stops, tokens);
        const whole = tokens.join("");
        const places = stops.map((one) => whole.indexOf(one)).filter((at) => at >= 0);
        if (places.length === 0) return assert.deepEqual([out.join(""), stop], [whole, null]);
        // The text ends with the first token that completes one.
        assert.ok(stop !== null && whole.startsWith(out.join("") + stop), `${whole}: ${out} ${stop}`);
      },
    ),
  );
});
