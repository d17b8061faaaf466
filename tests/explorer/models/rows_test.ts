import { parseStatus } from "../../../lib/explorer/session/model.ts";
import assert from "node:assert/strict";
import { durationText, progressOf, readLoadableId } from "../../../lib/explorer/models/words.ts";
import { type ModelsInput, modelsView } from "../../../lib/explorer/models/rows.ts";
import { ASKED, DOWNLOADING, FAILED, FAILED_LOAD, LIST, READY } from "../../gallery/teaching_models.tsx";
import { parameterText } from "../../../lib/explorer/words/format.ts";

const INPUT: ModelsInput = {
  list: LIST,
  status: parseStatus(READY),
  own: null,
  unfolded: null,
  query: "",
  connected: true,
};

function rows(input: Partial<ModelsInput> = {}) {
  return modelsView({ ...INPUT, ...input }).rows;
}

Deno.test("the model in use comes first; what is here can be used, the rest downloaded", () => {
  assert.deepEqual(rows().map(({ name, state, action }) => [name, state, action]), [
    ["Small-135M-Instruct", "in use", null],
    ["Middle-360M-Instruct", "cached", "Use"],
    ["Large-0.5B-Instruct", "available", "Download"],
    ["Huge-1B-Instruct", "available", "Download"],
  ]);
  assert.equal(rows()[0]!.detail, "135 M parameters · 8-bit · 138 MB · Apache-2.0 · bundled");
});

Deno.test("a download shows how far it is and can be cancelled; nothing else can begin", () => {
  const view = modelsView({ ...INPUT, status: parseStatus(DOWNLOADING), query: "someone/else" });
  assert.equal(view.busy, true);
  assert.equal(view.loadable, null);
  const [loading] = view.rows;
  assert.equal(loading!.action, "Cancel");
  assert.equal(loading!.progress!.text, "198 of 483 MB · 8.4 MB/s · 34 s left");
  assert.deepEqual(rows({ status: parseStatus(DOWNLOADING) }).map(({ action }) => action), [
    null,
    "Cancel",
    null,
    null,
  ]);
});

Deno.test("the first load of all has no model in use beside it", () => {
  const first = { ...DOWNLOADING, ready: false, model_id: "owner/Large-0.5B-Instruct", loading_id: null };
  assert.equal(rows({ status: parseStatus(first) })[0]!.state, "loading");
});

Deno.test("a failed load stands in the list with its reason, listed or not, and can be tried again", () => {
  const failed = rows({ status: parseStatus(FAILED), own: FAILED_LOAD }).find(({ state }) =>
    state === "failed"
  )!;
  assert.deepEqual([failed.name, failed.reason, failed.action], [
    "./models/my-finetune",
    "tokenizer.json is missing. Put it next to model.onnx.",
    "Retry",
  ]);
  const request = { ...ASKED, model_id: "owner/Large-0.5B-Instruct" };
  const refused = rows({ own: { state: "failed", request, reason: "The disk is full.", told: true } });
  assert.equal(refused.find(({ name }) => name === "Large-0.5B-Instruct")!.reason, "The disk is full.");
  assert.equal(refused.length, 4);
  const none = { ...READY, ready: false, error: "It is broken." };
  assert.deepEqual(rows({ status: parseStatus(none) }).map(({ state, reason }) => [state, reason])[0], [
    "failed",
    "It is broken.",
  ]);
});

Deno.test("the failure of a load that another page asked for stands nowhere here", () => {
  assert.deepEqual(rows({ status: parseStatus(FAILED) }), rows());
});

Deno.test("an unfolded model shows its files, what they cost, and which do not fit", () => {
  const row = rows({ unfolded: "other/Huge-1B-Instruct" }).at(-1)!;
  assert.deepEqual(
    row.files!.map(({ dtype, size, note, chosen, fits }) => [dtype, size, note, chosen, fits]),
    [
      ["fp32", "4.90 GB", "does not fit into memory", false, false],
      ["q4", "1.02 GB", "", true, true],
    ],
  );
  assert.equal(row.files![0]!.fidelity, "the full 32-bit weights, nothing is lost");
  assert.equal(rows({ unfolded: "owner/Middle-360M-Instruct" })[1]!.files, null);
});

Deno.test("the box searches the list and takes any id or folder", () => {
  assert.deepEqual(rows({ query: "llama" }).map(({ name }) => name), ["Huge-1B-Instruct"]);
  const other = modelsView({ ...INPUT, query: "someone/else@v1" });
  assert.deepEqual([other.rows.length, other.loadable, other.empty], [
    0,
    "someone/else@v1",
    "No model of the list matches.",
  ]);
  assert.match(modelsView({ ...INPUT, query: "no id" }).hint, /owner\/name/);
  assert.match(modelsView({ ...INPUT, connected: false }).hint, /server does not answer/);
  assert.equal(
    modelsView({ ...INPUT, list: null, status: parseStatus({ ...READY, ready: false, model_id: null }) })
      .empty,
    "Looking for models…",
  );
});

Deno.test("ids, folders and addresses of the hub can be loaded, anything else cannot", () => {
  const loads = ["a/b", " a/b@main ", "./models/x", "/srv/m", "~/m", "C:\\m", "https://huggingface.co/a/b"];
  assert.deepEqual(loads.map(readLoadableId), [
    "a/b",
    "a/b@main",
    "./models/x",
    "/srv/m",
    "~/m",
    "C:\\m",
    "a/b",
  ]);
  assert.deepEqual(["", "a", "a b/c", "a/../b", "a/b/c", "ü/x"].map(readLoadableId), Array(6).fill(null));
});

Deno.test("words for sizes and times", () => {
  assert.deepEqual([71_000, 134_515_008, 1_235_814_400].map(parameterText), ["71 K", "135 M", "1.24 B"]);
  assert.deepEqual([0.2, 34, 300, 7800].map(durationText), ["1 s", "34 s", "5 min", "2 h 10 min"]);
  const at = (phase: "resolving" | "verifying" | "opening") =>
    progressOf(parseStatus({ ...DOWNLOADING, progress: { ...DOWNLOADING.progress!, phase } }).load).text;
  assert.equal(at("resolving"), "Looking up the files…");
  assert.equal(at("verifying"), "Checking onnx/model_q4.onnx…");
  assert.equal(progressOf(null).text, "Starting…");
});
