import assert from "node:assert/strict";
import { append } from "../../../lib/explorer/moves/path_moves.ts";
import { checkSaved } from "../../../lib/explorer/storage/saved/check.ts";
import { saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import type { SavedSession } from "../../../lib/explorer/storage/saved/types.ts";
import type { Session } from "../../../lib/explorer/session/types.ts";
import { forgetUnsaved, keepUnsaved, versionOf, withUnsaved } from "../../../lib/explorer/storage/unsaved.ts";
import { openWorld } from "../fake_api.ts";

/** A tab's storage that takes no more than so many characters. */
function fakeTab(room = Infinity): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      values.set(key, value);
    },
    removeItem: (key: string) => void values.delete(key),
  } as Storage;
}

/** A text as it was stored, and the same one a token later. */
async function grown(): Promise<{ before: SavedSession; after: SavedSession }> {
  const world = openWorld();
  world.explorer.open();
  await world.settled();
  const choose = (now: Session) => append(now, now.answer!.dist.tokens[0]!.id);
  world.explorer.dispatch(choose);
  await world.settled();
  const before = saveSession(world.session, new Date("2026-03-01T12:00:00Z"));
  world.explorer.dispatch(choose);
  await world.settled();
  return { before, after: saveSession(world.session, new Date("2026-03-01T12:00:01Z")) };
}

function versionsOf({ roots, steps }: SavedSession) {
  return new Map([...roots, ...steps].map((node) => [node.id, versionOf(node)]));
}

Deno.test("only what the store lacks is kept in the tab, and both together are the session", async () => {
  const { before, after } = await grown();
  const [tab, all] = [fakeTab(), fakeTab()];
  keepUnsaved(tab, after, versionsOf(before));
  keepUnsaved(all, after, new Map());
  const size = (tab: Storage) => tab.getItem("llmDemo.unwritten")!.length;
  assert.ok(size(tab) < size(all) - JSON.stringify(before.steps).length / 2);
  assert.deepEqual(checkSaved(withUnsaved(tab, before)), checkSaved(after));
  assert.deepEqual(checkSaved(withUnsaved(all, null)), checkSaved(after));
});

Deno.test("what was stored later than the tab's own is what counts", async () => {
  const { before, after } = await grown();
  const tab = fakeTab();
  keepUnsaved(tab, before, new Map());
  assert.equal(withUnsaved(tab, after), after);
  forgetUnsaved(tab);
  assert.equal(withUnsaved(tab, before), before);
});

Deno.test("a tab that is full keeps nothing rather than something old", async () => {
  const { before, after } = await grown();
  const tab = fakeTab(JSON.stringify(before).length);
  keepUnsaved(tab, before, new Map());
  assert.deepEqual(withUnsaved(tab, null), JSON.parse(JSON.stringify(before)));
  keepUnsaved(tab, after, new Map());
  assert.equal(withUnsaved(tab, null), null);
});
