import assert from "node:assert/strict";
import { modelStatus } from "../../../lib/api/http/model_status.ts";
import * as store from "../../../lib/explorer/models/store.ts";
import { FAKE_MODEL_ID } from "../../fake_model.ts";
import { fakeStatus } from "../../fakes.ts";

const ready = (id: string) => modelStatus(fakeStatus.ready({ id }));
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
  const asked = store.askLoad(store.FIRST_MODELS, store.loadOf(store.FIRST_MODELS, "a/b", null));
  const refused = store.refuseLoad(asked, "Another load runs.");
  assert.equal(refused.refusal, "Another load runs.");
  assert.equal(store.askLoad(refused, asked.asked!).refusal, null);
  assert.deepEqual(store.forgetLoad(refused), store.FIRST_MODELS);
});

Deno.test("a load has arrived when its model serves, whatever its revision", () => {
  const { hasArrived, askLoad, loadOf, FIRST_MODELS } = store;
  const asked = askLoad(FIRST_MODELS, loadOf(FIRST_MODELS, "a/b@v1", null));
  assert.equal(hasArrived(asked, ready("a/b")), true);
  assert.equal(hasArrived(asked, ready("a/c")), false);
  assert.equal(hasArrived(FIRST_MODELS, ready("a/b")), false);
  assert.equal(hasArrived(asked, modelStatus(fakeStatus.swapping("a/b"))), false);
  assert.equal(hasArrived(asked, modelStatus(fakeStatus.loadFailed())), false);
});

Deno.test("the last choice is offered where something else serves and nothing was asked for", () => {
  const offered = (remembered: string | null, status = ready(FAKE_MODEL_ID), state = store.FIRST_MODELS) =>
    store.offer(state, remembered, status).offered;
  assert.equal(offered("a/b"), "a/b");
  assert.equal(offered(null), null);
  assert.equal(offered(FAKE_MODEL_ID), null);
  assert.equal(offered("a/b", modelStatus(fakeStatus.loading())), null);
  assert.equal(offered("a/b", modelStatus(fakeStatus.swapping())), null);
  const asked = store.askLoad(store.FIRST_MODELS, store.loadOf(store.FIRST_MODELS, "c/d", null));
  assert.equal(offered("a/b", ready(FAKE_MODEL_ID), asked), null);
  assert.equal(store.declineOffer(store.offer(store.FIRST_MODELS, "a/b", ready("c/d"))).offered, null);
});
