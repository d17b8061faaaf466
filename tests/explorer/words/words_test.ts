import assert from "node:assert/strict";
import { keyLabel } from "../../../lib/explorer/views/chat_view.ts";
import { licenseText } from "../../../lib/explorer/models/words.ts";
import { MoreKeys } from "../../../components/chat/MoreKeys.tsx";
import { render } from "preact-render-to-string";
import { h } from "preact";
import { formatAmount, formatSignedAmount } from "../../../lib/basics/number_text.ts";
import {
  findAxisEnd,
  formatBytes,
  formatCount,
  formatPercent,
  formatTokenCount,
  measure,
  perplexityText,
  sayNumber,
  weightsText,
} from "../../../lib/explorer/words/format.ts";
import { renderDistinct, renderToken } from "../../../lib/explorer/words/appearance.ts";
import { sayToken } from "../../../lib/explorer/words/spoken.ts";

const token = (
  text: string,
  display = text,
  bytes = [...new TextEncoder().encode(text)],
  special = false,
) => ({
  text,
  display,
  bytes,
  special,
});

Deno.test("percentages: one decimal, three below 0.1 %, powers of ten below 0.001 %, and nothing", () => {
  const cases: [number, string][] = [
    [1, "100"],
    [0.9996, "100"],
    [0.9994, "99.9"],
    [0.492, "49.2"],
    [0.001, "0.1"],
    [0.00094, "0.094"],
    [0.00001, "0.001"],
    [0.000009, "9.0×10⁻⁴"],
    [3.1e-12, "3.1×10⁻¹⁰"],
    [0, "0"],
  ];
  for (const [probability, text] of cases) assert.equal(formatPercent(probability), text);
  assert.equal(formatPercent(0.6512, 2), "65.12");
  assert.equal(formatPercent(0.189, 0), "19");
});

Deno.test("characters without a look of their own are named, those inside an emoji are not", () => {
  const parts = (text: string, display = text) => renderToken(token(text, display)).parts;
  assert.deepEqual(parts("\u200d"), [{ kind: "bytes", text: "U+200D" }]);
  assert.deepEqual(parts(" \u00a0", "␠\u00a0"), [{ kind: "space" }, { kind: "bytes", text: "U+00A0" }]);
  assert.deepEqual(parts("\r\n", "\r⏎"), [{ kind: "bytes", text: "U+000D" }, { kind: "newline" }]);
  assert.deepEqual(parts("👩\u200d🦰"), [{ kind: "text", text: "👩\u200d🦰" }]);
  assert.deepEqual(parts("a b"), [{ kind: "text", text: "a b" }]);
  assert.equal(renderToken(token("\ufeff")).spoken, "character U+FEFF");
});

Deno.test("counts, measures and bytes", () => {
  assert.equal(formatCount(49152), "49,152");
  assert.equal(formatTokenCount(1), "1 token");
  assert.equal(formatTokenCount(1024), "1,024 tokens");
  assert.equal(measure(4.68), "4.7");
  assert.equal(measure(1234.5), "1,235");
  assert.equal(formatBytes(138e6), "138 MB");
  assert.equal(formatBytes(8.4e6), "8.4 MB");
  assert.equal(formatBytes(1.02e9), "1.02 GB");
});

Deno.test("the axis ends at the next round share", () => {
  for (const [largest, end] of [[0.01, 0.05], [0.05, 0.05], [0.051, 0.1], [0.65, 0.8], [0.81, 1], [1, 1]]) {
    assert.equal(findAxisEnd(largest!), end);
  }
});

Deno.test("tokens are said in words", () => {
  assert.equal(sayToken(" sound", token(" sound", "␠sound")), "space sound");
  assert.equal(sayToken("\n\n", token("\n\n", "⏎⏎")), "2 new lines");
  assert.equal(sayToken(",", token(",")), "comma");
  assert.equal(
    sayToken("<|im_end|>", token("<|im_end|>", "<|im_end|>", [1], true)),
    "special token im_end",
  );
  assert.equal(sayToken("\uFFFD", token("\uFFFD", "E2 80", [0xe2, 0x80])), "bytes E2 80");
  assert.equal(
    sayToken("\uFFFD", token("\uFFFD", "\uFFFD", [0xef, 0xbf, 0xbd])),
    "\uFFFD",
    "a real U+FFFD is text",
  );
});

Deno.test("tokens are drawn: marks, tokens, bytes", () => {
  assert.deepEqual(renderToken(token(" a\tb\n", "␠a⇥b⏎")).parts, [
    { kind: "space" },
    { kind: "text", text: "a" },
    { kind: "tab" },
    { kind: "text", text: "b" },
    { kind: "newline" },
  ]);
  assert.deepEqual(renderToken(token("", "∅", [])).parts, [{ kind: "empty" }]);
  assert.deepEqual(renderToken(token("<s>", "<s>", [1], true)).parts, [{ kind: "special", text: "<s>" }]);
  assert.deepEqual(renderToken(token("", "C3", [0xc3])).parts, [{ kind: "bytes", text: "C3" }]);
  const partial = token(" \uFFFD", "␠⟨E6⟩", [0x20, 0xe6]);
  assert.deepEqual(renderToken(partial).parts, [{ kind: "space" }, { kind: "bytes", text: "E6" }]);
  assert.equal(renderToken(partial).spoken, "space bytes E6");
  assert.deepEqual(
    renderToken(token("⟨E6⟩")).parts,
    [{ kind: "text", text: "⟨E6⟩" }],
    "brackets of the text are text",
  );
});

Deno.test("tokens of whitespace differ in look and in sound, however long they are", () => {
  const indents = [1, 3, 7, 8, 11, 12].map((spaces) => `\n${" ".repeat(spaces)}`);
  const texts = [
    ...indents,
    "\n",
    "\n\n",
    " ",
    "   ",
    "\t",
    "\t\t",
    "a ",
    "a",
    "a\u00a0",
    "\u00a0",
    "\u0301",
    "\u200b",
  ];
  const renderings = texts.map((text) => renderToken(token(text, text.replaceAll("\n", "⏎"))));
  assert.equal(new Set(renderings.map(({ parts }) => JSON.stringify(parts))).size, texts.length);
  assert.equal(new Set(renderings.map(({ spoken }) => spoken)).size, texts.length);
  assert.equal(renderings[2]!.spoken, "new line, 7 spaces");
  assert.deepEqual(renderings[2]!.parts, [{ kind: "newline" }, { kind: "space", count: 7 }]);
  assert.deepEqual(renderToken(token("a  b c")).parts, [
    { kind: "text", text: "a" },
    { kind: "space", count: 2 },
    { kind: "text", text: "b c" },
  ]);
});

Deno.test("tokens of a list that would look alike say their ids", () => {
  const renderings = renderDistinct([{ ...token("A"), id: 5 }, { ...token("A"), id: 36 }, {
    ...token("b"),
    id: 7,
  }]);
  assert.deepEqual(renderings.map(({ spoken }) => spoken), ["A, number 5", "A, number 36", "b"]);
});

Deno.test("a model file is told by its bits", () => {
  const files = ["q4", "q4f16", "bnb4", "int8", "uint8", "quantized", "fp16", "fp32", "q2", "other"];
  assert.deepEqual(files.map(weightsText), [
    ...["4-bit", "4-bit", "4-bit", "8-bit", "8-bit", "8-bit", "16-bit", "32-bit", "2-bit", "other"],
  ]);
});

Deno.test("a perplexity is written by one rule wherever it stands: no e+4 beside ×10⁻⁴", () => {
  assert.deepEqual([1, 2.4637, 33.421, 999.96, 2789.71, 55_300, 1.234e7, Infinity].map(perplexityText), [
    ...["1", "2.464", "33.42", "1000", "2,790", "55,300", "1.2×10⁷", "∞"],
  ]);
});

Deno.test("amounts in nats and bits: two decimals, three below 0.1, powers of ten below 0.001, a true minus", () => {
  const written = [-12.345, -0.0513, -0.00004, 0, -0, 0.004999, 123.456, -Infinity].map(formatAmount);
  assert.deepEqual(written, ["−12.35", "−0.051", "−4.0×10⁻⁵", "0.00", "0.00", "0.005", "123.46", "−∞"]);
  assert.deepEqual([0.36, -0.14, 0].map(formatSignedAmount), ["+0.36", "−0.14", "0.00"]);
});

Deno.test("powers of ten are said in words", () => {
  assert.equal(sayNumber("3.1×10⁻¹⁰ %"), "3.1 times ten to the minus 10 %");
  assert.equal(sayNumber("1.2×10⁷"), "1.2 times ten to the 7");
  assert.equal(sayNumber("49.2"), "49.2");
});

Deno.test("words that every object inherits are words like others", () => {
  const token = { display: "constructor", special: false, bytes: [99], text: "constructor" };
  assert.equal(sayToken("constructor", token), "constructor");
  const partial = {
    display: "constructor⟨E6⟩",
    special: false,
    bytes: [99, 0xe6],
    text: "constructor\ufffd",
  };
  assert.equal(sayToken(partial.text, partial), "constructor bytes E6");
  assert.equal(licenseText("constructor"), "constructor");
  assert.equal(keyLabel("toString"), "toString");
  const message = {
    ...{
      role: "constructor",
      roles: ["constructor"],
      content: "",
      name: "message 1",
      parts: [],
      warning: "",
    },
    more: { valueOf: 1 },
  };
  assert.match(render(h(MoreKeys, { message, onMore: () => {} })), />valueOf</);
});
