import assert from "node:assert/strict";
import fc from "fast-check";
import { hintsOf } from "../../../lib/explorer/teach/hints.ts";
import { LIBRARY, libraryLabel } from "../../../lib/explorer/teach/library.ts";
import { numbersOfDistribution } from "../../../lib/explorer/views/explained.ts";
import { explain, type Term, TERMS } from "../../../lib/explorer/words/glossary.ts";
import type { TermNumbers } from "../../../lib/explorer/words/glossary_entry.ts";
import { findNextStep, placeCard, TOUR } from "../../../lib/explorer/teach/tour.ts";
import { FIRST, PARAMS } from "../../gallery/exploration.ts";

Deno.test("the library has topics enough, no prompt twice, and none that its own hints would mend", () => {
  const prompts = LIBRARY.flatMap(({ prompts }) => prompts);
  assert.ok(LIBRARY.length >= 8 && prompts.length >= 25);
  assert.equal(new Set(prompts.map(libraryLabel)).size, prompts.length);
  const model = { id: "owner/Small-Instruct", hasChatTemplate: true };
  for (const { source, why } of prompts) {
    assert.ok(why.length > 0 && why.length <= 60, why);
    if (source.kind === "chat") continue;
    assert.deepEqual(hintsOf({ mode: "text", prompt: source.text, tokens: null, usualIds: null, model }), []);
  }
});

Deno.test("a term is explained with the present numbers, and without them", () => {
  const numbers = numbersOfDistribution(FIRST, { ...PARAMS, top_p: 0.8 }, 49_152);
  const said = (term: Term, known?: TermNumbers) => explain(term, known).text;
  assert.equal(
    said("entropy", numbers),
    "How open the choice is. 0 bits: one token is certain. 1.8 bits now: like a fair draw among 3.5.",
  );
  assert.equal(said("entropy"), "How open the choice is. 0 bits: one token is certain.");
  assert.match(said("mass_90", numbers), /^The 4 tokens at the top hold 90 %/);
  assert.match(said("mass_90", { mass90: 1 }), /^One token alone/);
  assert.match(said("temperature", numbers), /At 0\.7 the first bar has 65\.1 %\.$/);
  assert.match(said("top_p", numbers), /At 0\.8 that is 49,152 tokens now\.$/);
  assert.match(said("end_of_text", { eosP: 0.00002 }), /0\.002 %: about once in 50,000 draws\.$/);
});

Deno.test("every word of the glossary has a name and sentences, with and without numbers", () => {
  const numbers = {
    ...numbersOfDistribution(FIRST, PARAMS, 49_152),
    modelName: "owner/model",
    variant: "q4",
  };
  for (const term of TERMS) {
    for (const known of [{}, numbers]) {
      const { name, text } = explain(term, known);
      assert.ok(name.length > 0 && text.length > 10, term);
      assert.match(text, /[.!]$/, term);
      assert.doesNotMatch(text, /undefined|NaN|null/, term);
    }
  }
});

Deno.test("the model's name says which file it is, what that means, and how another one is chosen", () => {
  const { text } = explain("model", { modelName: "owner/model", variant: "q4f16" });
  assert.match(text, /^owner\/model, file q4f16\. Its weights are rounded to 4 bits each/);
  assert.match(text, /NEXTTOKEN_MODEL names the one that the server starts with/);
  assert.match(explain("model").text, /NEXTTOKEN_MODEL/);
});

Deno.test("the tour has four steps and then ends", () => {
  assert.equal(TOUR.length, 4);
  assert.deepEqual([0, 1, 2, 3].map(findNextStep), [1, 2, 3, null]);
});

Deno.test("the tour's card is always whole in the window", () => {
  const pixels = fc.integer({ min: -2000, max: 4000 });
  const box = fc.record({ left: pixels, top: pixels, width: fc.nat(2000), height: fc.nat(2000) });
  const window = fc.record({
    width: fc.integer({ min: 340, max: 3000 }),
    height: fc.integer({ min: 240, max: 2000 }),
  });
  fc.assert(fc.property(fc.option(box), window, fc.boolean(), (target, window, beside) => {
    const card = { width: 300, height: 180 };
    const { left, top } = placeCard(target, card, window, beside);
    assert.ok(left >= 12 && left + card.width <= window.width - 12, `left ${left}`);
    assert.ok(top >= 12 && top + card.height <= window.height - 12, `top ${top}`);
  }));
});

Deno.test("the card stands left of the bars, below the prompt, above a bar at the bottom", () => {
  const [card, window] = [{ width: 300, height: 150 }, { width: 1440, height: 900 }];
  const bars = { left: 840, top: 80, width: 580, height: 700 };
  assert.deepEqual(placeCard(bars, card, window, true), { left: 526, top: 230 });
  const prompt = { left: 24, top: 80, width: 790, height: 150 };
  assert.deepEqual(placeCard(prompt, card, window, false), { left: 44, top: 244 });
  const run = { left: 0, top: 784, width: 390, height: 60 };
  assert.deepEqual(placeCard(run, card, { width: 390, height: 844 }, false), { left: 20, top: 620 });
  assert.deepEqual(placeCard(null, card, window, false), { left: 570, top: 375 });
});
