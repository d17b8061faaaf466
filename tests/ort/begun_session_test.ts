import assert from "node:assert/strict";
import { beginSession, declineBegun, takeBegun } from "../../lib/ort/begun_session.ts";
import { graphOfSession } from "../../lib/ort/native_graph.ts";
import { adoptSession } from "../../lib/ort/session.ts";
import { openLibrary } from "../runners/native_fixture.ts";

const FOLDER = new URL("../fixtures/tiny-models/tiny-llama-gqa-keep/onnx/", import.meta.url).pathname;
const NAMED = { name: "tiny", needed: 1e6 };

const ort = openLibrary();
const open = () => ort;
const begin = async () =>
  beginSession(ort, NAMED, { bytes: await Deno.readFile(`${FOLDER}model_q4.onnx`), folder: FOLDER });
/** As another thread sees it. */
const sent = <T>(value: T): T => structuredClone(value);

Deno.test("a session that was begun is taken once, and nothing is left to decline", async () => {
  const begun = await begin();
  const session = await takeBegun(sent(begun));
  assert(session !== null);
  assert.equal(await takeBegun(begun), null);
  assert.equal(declineBegun(begun, open), false);
  const graph = graphOfSession(adoptSession(ort, session, "tiny"));
  assert(graph.inputs.some(({ name }) => name === "input_ids"));
  await graph.dispose();
});

Deno.test("what is declined is not given, whether it is made yet or not", async () => {
  const early = await begin();
  const waiting = takeBegun(sent(early));
  assert.equal(declineBegun(sent(early), open), true);
  assert.equal(await waiting, null);
  assert.equal(declineBegun(early, open), false);

  const late = await begin();
  const state = new Int32Array(late.shared, 0, 1);
  while (Atomics.load(state, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(state[0], 1, "it is made");
  assert.equal(declineBegun(sent(late), open), true);
  assert.equal(await takeBegun(late), null);
});

Deno.test("one that cannot be made is none", async () => {
  const begun = beginSession(ort, NAMED, { bytes: Uint8Array.of(1, 2, 3), folder: FOLDER });
  assert.equal(await takeBegun(sent(begun)), null);
  assert.equal(declineBegun(begun, open), false);
});
