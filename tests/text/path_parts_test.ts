// Long paths are cut as finely as their decoder lets them, so that what comes again is decoded once.
import assert from "node:assert/strict";
import { finishSlices } from "../../lib/basics/slices.ts";
import { createTokenDecoder } from "../../lib/text/decoders/decoder.ts";
import { createParts, joinParts } from "../../lib/text/path_parts.ts";
import { createTokenViews } from "../../lib/text/token_views.ts";
import { LLAMA_DECODER } from "./llama_decoder.ts";

const TOKENS = ["▁a", "b", "<0xC3>", "<0xA9>", "<0x41>"];

/** A decoder that counts the tokens it is given, and the longest part of a path. */
function countingDecoder() {
  const decoder = createTokenDecoder(LLAMA_DECODER as never, false);
  const counts = { decoded: 0, longest: 0 };
  const textsOfPart: typeof decoder.textsOfPart = (tokens, ends) => {
    counts.decoded += tokens.length;
    counts.longest = Math.max(counts.longest, tokens.length);
    return decoder.textsOfPart(tokens, ends);
  };
  return { decoder: { ...decoder, textsOfPart }, counts };
}

const LONG = 50_000;

Deno.test("tokens of a long path that come again are decoded once, its ends as ends", () => {
  const path = Array.from({ length: LONG }, (_, at) => at % 2);
  const { decoder, counts } = countingDecoder();
  const parts = createParts(TOKENS, decoder);
  const ends = finishSlices(parts.plan(path));
  const text = finishSlices(joinParts(path, ends, (start, end) => parts.texts(path, start, end)));
  assert.equal(text, " ab".repeat(LONG / 2).slice(1));
  const { tokenJsonInSlices, tokensOf } = createTokenViews(TOKENS, new Map(), decoder);
  const json = finishSlices(tokenJsonInSlices(path, { before: "", after: "" }));
  assert.equal(new TextDecoder().decode(json), JSON.stringify(tokensOf(path)));
  assert.ok(counts.decoded < 2000, `${counts.decoded} tokens`);
});

Deno.test("a character of bytes is a part, and a run of them that is no text", () => {
  const around = Array<number>(100).fill(1);
  const text = Array.from({ length: 30 }, () => [2, 3, 4]).flat();
  const cutsWithin = (run: readonly number[]) => {
    const path = [...around, ...run, ...around];
    const ends = finishSlices(createParts(TOKENS, countingDecoder().decoder).plan(path));
    return Array.from(ends, (end) => end - around.length).filter((end) => end > 0 && end < run.length);
  };
  assert.deepEqual(cutsWithin(text), text.flatMap((id, at) => at > 0 && id !== 3 ? [at] : []));
  assert.deepEqual(cutsWithin([...text, 2]), []);
  const hole = TOKENS.length; // an id without a token is no part of the text: é around it is whole
  assert.deepEqual(cutsWithin([2, hole, 3]), []);
});

Deno.test("a long run of bytes stays one where a step behind ByteFallback sees it whole", () => {
  const path = Array.from({ length: 300 }, (_, at) => at % 2 === 0 ? 2 : 3);
  const spaced = { type: "WordPiece", prefix: "##", cleanup: false };
  const decoder = { type: "Sequence", decoders: [{ type: "ByteFallback" }, spaced] };
  const views = createTokenViews(TOKENS, new Map(), createTokenDecoder(decoder as never, false));
  assert.equal(finishSlices(views.decodeInSlices(path)), "é".repeat(150));
});
