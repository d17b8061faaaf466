import assert from "node:assert/strict";
import { readBias } from "../../../lib/api/llamacpp/settings.ts";
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
