import assert from "node:assert/strict";
import { questionOf } from "../../../lib/explorer/session/activity.ts";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { openSaved } from "../../../lib/explorer/storage/saved/open.ts";
import { append, undo } from "../../../lib/explorer/moves/path_moves.ts";
import { pathText } from "../../../lib/explorer/session/path_text.ts";
import { editText, start } from "../../../lib/explorer/moves/prompt_moves.ts";
import { checkSaved } from "../../../lib/explorer/storage/saved/check.ts";
import { saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import { openShared } from "../../../lib/explorer/teach/teaching_moves.ts";
import { sharedOf } from "../../../lib/explorer/share/actions.ts";
import { applyFix, hintsOfSession } from "../../../lib/explorer/teach/teaching_moves.ts";
import type { Session } from "../../../lib/explorer/session/types.ts";
import { openWorld, type World } from "../fake_api.ts";

const textOf = (session: Session) => pathText(currentTip(session.tree)!);

async function written(world: World, count: number): Promise<void> {
  world.explorer.dispatch((now) => start(now));
  await world.settled();
  for (let n = 0; n < count; n++) {
    world.explorer.dispatch((now) => append(now, now.answer!.dist.tokens[n]!.id));
    await world.settled();
  }
}

Deno.test("a saved session opens beside what is there; undo leads back, and both can be saved", async () => {
  const saving = openWorld({ prompt: "The cat" });
  await written(saving, 2);
  const saved = checkSaved(JSON.parse(JSON.stringify(saveSession(saving.session, new Date(0)))));
  const world = openWorld({ prompt: "The dog" });
  await written(world, 3);
  const before = world.text();
  world.explorer.dispatch((now) => openSaved(now, saved));
  await world.settled();
  assert.equal(world.text(), saving.text());
  assert.notEqual(world.session.answer, null);
  checkSaved(JSON.parse(JSON.stringify(saveSession(world.session, new Date(0)))));
  world.explorer.dispatch(undo);
  await world.settled();
  assert.equal(world.text(), before);
});

Deno.test("a link brings its text, token for token, and its settings", async () => {
  const sharing = openWorld({ prompt: "The cat" });
  await written(sharing, 2);
  const shared = sharedOf(sharing.session)!;
  const world = openWorld({ prompt: "The dog" });
  await written(world, 1);
  world.explorer.dispatch((now) => openShared(now, { ...shared, settings: { ...shared.settings, topK: 7 } }));
  await world.settled();
  assert.equal(world.text(), sharing.text());
  assert.equal(world.session.settings.topK, 7);
  assert.equal(world.session.draft.text, "The cat");
  assert.equal(world.session.tree.branches.length, 2, "the old path stays");
  assert.deepEqual(world.asked.at(-1)?.body.completion_ids, shared.completion!.ids);
});

Deno.test("a link of another model brings its text alone", async () => {
  const sharing = openWorld({ prompt: "The cat" });
  await written(sharing, 2);
  const { completion, ...rest } = sharedOf(sharing.session)!;
  const world = openWorld({ prompt: "The dog" });
  world.explorer.dispatch((now) =>
    openShared(now, { ...rest, completion: { ...completion!, tokenizerKey: "another", ids: [9999] } })
  );
  await world.settled();
  assert.equal(world.text(), sharing.text());
});

Deno.test("a fix of a text that was started starts it again, of another one only writes it", async () => {
  const world = openWorld({ prompt: "The cat " });
  world.explorer.dispatch((now) => start(now));
  await world.settled();
  const hint = hintsOfSession(world.session, null).find(({ kind }) => kind === "space")!;
  const fixed = applyFix(world.session, hint.fix);
  assert.equal(fixed.draft.text, "The cat");
  assert.equal(questionOf(fixed)?.body.kind, "read");
  const other = applyFix(editText(world.session, "A dog "), { kind: "text", text: "A dog" });
  assert.equal(other.draft.text, "A dog");
  assert.equal(questionOf(other), null);
  assert.equal(textOf(other), "The cat ");
});

Deno.test("unusual tokens are found by what the tokenizer writes, and mended by reading the text again", async () => {
  const world = openWorld({ prompt: "The cat" });
  await written(world, 1);
  const { session } = world;
  assert.deepEqual(hintsOfSession(session, null).map(({ kind }) => kind), []);
  const usual = [{ id: 1, text: world.text(), display: "", special: false, bytes: [], offset: 0 }];
  const [hint] = hintsOfSession(session, usual);
  assert.equal(hint?.kind, "tokens");
  const fixed = applyFix(session, hint!.fix, usual);
  assert.equal(fixed.draft.text, world.text());
  assert.equal(questionOf(fixed)?.body.kind, "read");
});
