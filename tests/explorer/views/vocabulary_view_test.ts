import assert from "node:assert/strict";
import fc from "fast-check";
import {
  biasTagsOf,
  idTagsOf,
  parseBias,
  parseStop,
  parseToken,
  stopTagsOf,
} from "../../../lib/explorer/settings/list_fields.ts";
import {
  describeFound,
  findRowWindow,
  pagesOf,
  parseQuery,
  rowOfVocabulary,
  scrollFor,
} from "../../../lib/explorer/views/vocabulary_view.ts";
import { NEUTRAL_PARAMS } from "../../../lib/sampling/params.ts";
import { sampleVocabulary } from "../../gallery/samples.ts";

Deno.test("a query is text, an id, an expression or bytes", () => {
  assert.deepEqual(parseQuery(""), { query: "", mode: "text" });
  assert.deepEqual(parseQuery(" sea"), { query: " sea", mode: "text" });
  assert.deepEqual(parseQuery("#12, 14"), { query: "12, 14", mode: "id" });
  assert.deepEqual(parseQuery("/^ [a-z]+$/"), { query: "^ [a-z]+$", mode: "regex" });
  assert.deepEqual(parseQuery("0xE2 80"), { query: "e280", mode: "bytes" });
  assert.deepEqual(parseQuery("\\xe2\\x80"), { query: "e280", mode: "bytes" });
  assert.deepEqual(parseQuery("#tag"), { query: "#tag", mode: "text" });
  assert.deepEqual(parseQuery("/"), { query: "/", mode: "text" });
});

Deno.test("a query that is not finished finds nothing yet", () => {
  for (const typed of ["#", "# ", "0x", "0xe", "\\xe2\\x8"]) assert.equal(parseQuery(typed), null, typed);
  assert.match(describeFound("#", 3, 400), /^Go on typing/);
});

Deno.test("the window covers what is in view and never leaves the list", () => {
  const numbers = fc.tuple(
    fc.nat(1e6),
    fc.integer({ min: 1, max: 2000 }),
    fc.integer({ min: 20, max: 60 }),
    fc.nat(200_000),
  );
  fc.assert(fc.property(numbers, ([top, height, row, total]) => {
    const { first, count } = findRowWindow(top, height, row, total);
    assert.ok(first >= 0 && count >= 0 && first + count <= total);
    const [begin, end] = [Math.floor(top / row), Math.min(total, Math.ceil((top + height) / row))];
    if (begin < end) assert.ok(first <= begin && first + count >= end);
    const pages = pagesOf({ first, count }, 100);
    if (pages) assert.ok(pages.offset <= first && pages.offset + pages.limit >= first + count);
  }));
  assert.deepEqual(pagesOf({ first: 95, count: 30 }, 100), { offset: 0, limit: 200 });
  assert.equal(pagesOf({ first: 0, count: 0 }, 100), null);
});

Deno.test("a list scrolls no further than a row needs", () => {
  assert.equal(scrollFor(5, 0, 380, 38), 0);
  assert.equal(scrollFor(10, 0, 380, 38), 38);
  assert.equal(scrollFor(2, 380, 380, 38), 76);
});

Deno.test("rows have their rank in the whole vocabulary and say what is pinned", () => {
  const tokens = sampleVocabulary();
  const row = rowOfVocabulary(
    tokens[20]!,
    tokens[0]!.p_raw,
    { constraint_type: null },
    new Set([tokens[20]!.id]),
  );
  assert.equal(row.rank, "21");
  assert.equal(row.pinned, true);
});

Deno.test("what was found, as a sentence", () => {
  assert.equal(describeFound("", 49152, 49152), "49,152 tokens, most probable first");
  assert.equal(describeFound("sea", 1, 49152), "1 token of 49,152 matches");
  assert.equal(describeFound("sea", 3, 49152), "3 tokens of 49,152 match");
  assert.equal(describeFound("sea", 0, 49152), "No token matches.");
  assert.equal(describeFound("sea", null, 49152), "Searching…");
});

Deno.test("stop sequences are typed with escapes and shown with marks", () => {
  assert.deepEqual(parseStop("\\n\\n", []), { text: "\n\n" });
  assert.deepEqual(parseStop("\\\\n", []), { text: "\\n" });
  assert.ok("refused" in parseStop("", []));
  assert.ok("refused" in parseStop("a", ["a"]));
  const [tag] = stopTagsOf({ ...NEUTRAL_PARAMS, stop_sequences: ["\n a"] });
  assert.deepEqual(tag!.rendering.parts.map(({ kind }) => kind), ["newline", "space", "text"]);
});

Deno.test("a breaker of DRY is a token or its id", () => {
  assert.deepEqual(parseToken("\\n"), { id: null, text: "\n" });
  assert.deepEqual(parseToken("#198"), { id: 198, text: "" });
  assert.deepEqual(parseToken(" #198 x"), { id: null, text: " #198 x" });
  const token = sampleVocabulary()[0]!;
  const tags = idTagsOf([token.id, 390], new Map([[token.id, token]]));
  assert.deepEqual(tags.map(({ id, rendering }) => [id, rendering?.spoken ?? null]), [[
    token.id,
    "space view",
  ], [
    390,
    null,
  ]]);
});

Deno.test("a bias is a token or its id, and a value", () => {
  assert.deepEqual(parseBias(" sea −2"), { id: null, text: " sea", value: -2 });
  assert.deepEqual(parseBias("#17 +1,5"), { id: 17, text: "", value: 1.5 });
  assert.deepEqual(parseBias("17 5"), { id: null, text: "17", value: 5 });
  assert.ok("refused" in parseBias("sea"));
  assert.ok("refused" in parseBias("sea 100000"));
  const token = sampleVocabulary()[0]!;
  const tags = biasTagsOf(
    { ...NEUTRAL_PARAMS, logit_bias: { [token.id]: -2, 390: 1.5 } },
    new Map([[token.id, token]]),
  );
  assert.deepEqual(tags.map(({ rendering, value }) => [rendering?.spoken ?? null, value]), [
    ["space view", "−2"],
    [null, "+1.5"],
  ]);
});
