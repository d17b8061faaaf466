import assert from "node:assert/strict";
import { MOST_BIAS_TEXTS, MOST_BIASES, readBias } from "../../../lib/api/llamacpp/settings.ts";
import { faultOf } from "../../../lib/fault.ts";

const ENGINE = {
  status: () => ({ model: { state: "none" } }),
  submit: () => Promise.reject(new Error("asked")),
};

Deno.test("a bias of a token id below 0 is refused by name", async () => {
  const read = (bias: unknown) =>
    readBias(bias, ENGINE as never, { client: "test", signal: new AbortController().signal });
  assert.deepEqual(await read([[3, 1], [3, false]]), { 3: -9999 });
  await assert.rejects(read([[-1, 0]]), (error) => faultOf(error)?.field === "logit_bias");
});

Deno.test("a bias has so many pairs and different texts at most, and each text is made tokens once", async () => {
  const asked: string[] = [];
  const engine = {
    ...ENGINE,
    submit: (_: string, { text }: { readonly text: string }) => {
      asked.push(text);
      return Promise.resolve({ ids: [text.length] });
    },
  };
  const read = (bias: unknown) =>
    readBias(bias, engine as never, { client: "test", signal: new AbortController().signal });
  const ofTexts = (texts: number) => Array.from({ length: texts }, (_, at) => [`t${at}`, 1]);
  assert.deepEqual(await read([["aa", 1], ["aa", 2], ["7", 1], ["bbb", 1]]), { 2: 3, 7: 1, 3: 1 });
  assert.deepEqual(asked.splice(0), ["aa", "bbb"]);
  await read(Array(MOST_BIAS_TEXTS + 1).fill(["aa", 1])); // one text
  assert.deepEqual(asked.splice(0), ["aa"]);
  await read(Array.from({ length: MOST_BIAS_TEXTS + 1 }, (_, at) => [`${at}`, 1])); // ids
  assert.deepEqual(asked, []);
  await assert.rejects(read(ofTexts(MOST_BIAS_TEXTS + 1)), /at most 1024 different texts, but has 1025/);
  const refusal = new RegExp(`at most ${MOST_BIASES} pairs, but has ${MOST_BIASES + 1}`);
  await assert.rejects(read(Array(MOST_BIASES + 1).fill([1, 1])), refusal);
  assert.deepEqual(asked, []);
  await read(ofTexts(MOST_BIAS_TEXTS));
  assert.equal(asked.length, MOST_BIAS_TEXTS);
});
