import type { EngineStatus } from "../../../lib/engine/types.ts";
import { parseStatus } from "../../../lib/explorer/session/model.ts";
import assert from "node:assert/strict";
import { FAKE_ENGINE } from "../../fake_remote.ts";
import { modelStatusOf } from "../../../lib/api/http/model_status.ts";
import * as store from "../../../lib/explorer/models/store.ts";
import { FAKE_MODEL_ID } from "../../fake_model.ts";
import { fakeStatus } from "../../fakes.ts";

const told = (status: EngineStatus) => parseStatus(modelStatusOf(status));
const ready = (id: string) => told(fakeStatus.ready({ id }));
const variants = { id: "a/b", source: "a/b", license: null, files: [] };

Deno.test("closing the picker folds it; the list stays", () => {
  const open = store.setQuery(store.setOpen(store.FIRST_MODELS, true), "smol");
  const listed = store.receiveList(store.unfold(open, "a/b"), { models: [], available: [] });
  const closed = store.setOpen(listed, false);
  assert.deepEqual([closed.open, closed.query, closed.unfolded], [false, "", null]);
  assert.notEqual(closed.list, null);
});

Deno.test("files that are known stay until others come; files that cannot be listed say why", () => {
  const first = store.receiveList(store.FIRST_MODELS, { models: [], available: [], variants });
  const second = store.receiveList(first, { models: ["x"], available: [] });
  assert.deepEqual(second.list?.variants, variants);
  const other = store.withoutFiles(store.unfold(second, "c/d"), "c/d", "Offline.");
  assert.deepEqual(other.unlisted, { id: "c/d", reason: "Offline." });
  assert.equal(store.unfold(other, "a/b").unlisted, null);
  assert.equal(store.withoutFiles(second, "c/d", "Offline."), second, "it is not unfolded any more");
});

Deno.test("a load asks for the chosen device, and for none where it is automatic", () => {
  const asked = { model_id: "a/b@v1", revision: null, dtype: "q4", device: null };
  assert.deepEqual(store.loadOf(store.FIRST_MODELS, "a/b@v1", "q4"), asked);
  const cuda = store.setDevice(store.FIRST_MODELS, "cuda");
  assert.equal(store.loadOf(cuda, "a/b", null).device, "cuda");
  assert.equal(store.setDevice(cuda, "toaster"), cuda);
});

Deno.test("a load is refused, asked again, left", () => {
  const request = store.loadOf(store.FIRST_MODELS, "a/b", null);
  const asked = store.askLoad(store.FIRST_MODELS, request);
  const refused = store.refuseLoad(asked, "Another load runs.");
  assert.deepEqual(refused.own, { state: "failed", request, reason: "Another load runs.", told: true });
  assert.equal(store.failureNotice(refused), null, "it was said already");
  assert.deepEqual(store.askLoad(refused, request).own, { state: "asked", request });
  assert.deepEqual(store.forgetLoad(refused), store.FIRST_MODELS);
});

const running = (id: string) =>
  store.acceptLoad(store.askLoad(store.FIRST_MODELS, store.loadOf(store.FIRST_MODELS, id, null)));

Deno.test("a load has arrived when its model serves, whatever its revision", () => {
  const { hasArrived, FIRST_MODELS } = store;
  const asked = running("a/b@v1");
  assert.equal(hasArrived(asked, ready("a/b")), true);
  assert.equal(hasArrived(asked, ready("a/c")), false);
  assert.equal(hasArrived(FIRST_MODELS, ready("a/b")), false);
  assert.equal(hasArrived(asked, told(fakeStatus.swapping("a/b"))), false);
  assert.equal(hasArrived(asked, told(fakeStatus.loadFailed())), false);
});

Deno.test("a load that failed is told to the page that asked for it, until it is dismissed", () => {
  const failed = told(fakeStatus.loadFailed("It has no file."));
  const settled = store.settleLoad(running("a/b"), failed);
  assert.equal(store.failureNotice(settled), "It has no file.");
  const dismissed = store.dismissFailure(settled);
  assert.equal(store.failureNotice(dismissed), null);
  assert.equal(dismissed.own?.state, "failed", "its row still says so");
  assert.equal(store.settleLoad(store.FIRST_MODELS, failed), store.FIRST_MODELS, "another page asked for it");
  assert.equal(store.settleLoad(running("a/b"), told(fakeStatus.swapping("a/b"))).own?.state, "running");
  assert.equal(store.settleLoad(running("a/b"), ready("a/b")).own, null);
});

Deno.test("the last choice is offered where something else serves and nothing was asked for", () => {
  const offered = (remembered: string | null, status = ready(FAKE_MODEL_ID), state = store.FIRST_MODELS) =>
    store.offer(state, remembered, status).offered;
  assert.equal(offered("a/b"), "a/b");
  assert.equal(offered(null), null);
  assert.equal(offered(FAKE_MODEL_ID), null);
  assert.equal(offered("a/b", told(fakeStatus.loading())), null);
  assert.equal(offered("a/b", told(fakeStatus.swapping())), null);
  const asked = store.askLoad(store.FIRST_MODELS, store.loadOf(store.FIRST_MODELS, "c/d", null));
  assert.equal(offered("a/b", ready(FAKE_MODEL_ID), asked), null);
  assert.equal(store.declineOffer(store.offer(store.FIRST_MODELS, "a/b", ready("c/d"))).offered, null);
});

Deno.test("the server's events may be ahead of the answer to a load", () => {
  const asked = store.askLoad(store.FIRST_MODELS, store.loadOf(store.FIRST_MODELS, "a/b", null));
  const begun = store.settleLoad(asked, told(fakeStatus.swapping("a/b")));
  assert.equal(begun.own?.state, "running");
  assert.equal(store.hasArrived(begun, ready("a/b")), true);
  const arrived = store.settleLoad(begun, ready("a/b"));
  assert.equal(store.acceptLoad(arrived).own, null, "the answer comes late and changes nothing");
});

Deno.test("an engine is known by its address: its load has arrived, and it is not offered again", () => {
  const name = "openai+http://gpu:8000#owner/name";
  const serves = told(fakeStatus.ready({ id: "served-name", backend: FAKE_ENGINE }));
  const asked = store.askLoad(store.FIRST_MODELS, store.loadOf(store.FIRST_MODELS, name, null));
  assert.equal(store.hasArrived(store.acceptLoad(asked), serves), true);
  assert.equal(store.hasArrived(store.acceptLoad(asked), ready("served-name")), false);
  assert.equal(store.offer(store.FIRST_MODELS, name, serves).offered, null);
  assert.equal(store.offer(store.FIRST_MODELS, name, ready("a/b")).offered, name);
});
