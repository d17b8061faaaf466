import assert from "node:assert/strict";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { addMessage, editMessage } from "../../../lib/explorer/session/chat_model.ts";
import { inspectedPlaceOf } from "../../../lib/explorer/session/inspection.ts";
import {
  append,
  forceText,
  inspectPromptToken,
  inspectStep,
  redo,
  removeLast,
  step,
  undo,
} from "../../../lib/explorer/moves/path_moves.ts";
import {
  editChat,
  editText,
  isDirty,
  readAgain,
  setMode,
  start,
} from "../../../lib/explorer/moves/prompt_moves.ts";
import { findTakenToken, isCurrent } from "../../../lib/explorer/session/question.ts";
import { pathIdsOf, rootOf } from "../../../lib/explorer/session/tree.ts";
import { readShareLink, shareLink } from "../../../lib/explorer/share/link.ts";
import { sharedOf } from "../../../lib/explorer/share/actions.ts";
import { openShared } from "../../../lib/explorer/teach/teaching_moves.ts";
import { checkSaved } from "../../../lib/explorer/storage/saved/check.ts";
import { restoreSession, saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import { createSession } from "../../../lib/explorer/session/new_session.ts";
import { barsView } from "../../../lib/explorer/views/bars_view.ts";
import { stripView } from "../../../lib/explorer/views/strip_view.ts";
import { fakeEncode } from "../../fake_model.ts";
import { modelStatusOf } from "../../../lib/api/http/model_status.ts";
import { fakeStatus } from "../../fakes.ts";
import { receiveStatus } from "../../../lib/explorer/moves/model_moves.ts";
import { choose, make, opened, PROMPT, READY, type World } from "../fake_api.ts";

const IDS = fakeEncode(PROMPT); // The, capital, of, France, is

function idsOf(world: World) {
  return pathIdsOf(currentTip(world.session.tree)!)!;
}

/** Looks before "France" and takes another token there. */
async function branched(world: World): Promise<number> {
  await make(world, (now) => inspectPromptToken(now, 3));
  const other = world.session.answer!.dist.tokens.find(({ id }) => id !== IDS[3])!;
  await make(world, (now) => append(now, other.id));
  return other.id;
}

Deno.test("before a token of the prompt stand the bars that the server gives for what comes before it", async () => {
  const world = await opened();
  await make(world, choose(0), (now) => inspectPromptToken(now, 3));
  const { body } = world.asked.at(-1)!;
  assert.deepEqual([body.prompt_ids, body.completion_ids], [IDS.slice(0, 3), []]);
  assert.ok(isCurrent(world.session));
  assert.equal(findTakenToken(world.session)?.id, IDS[3]);
  const strip = stripView(world.session, new WeakMap());
  assert.deepEqual(strip.map(({ selected }) => selected), [false, false, false, true, false, false]);
  assert.deepEqual(strip.map(({ marks }) => marks.includes("past")), [
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
  assert.equal(barsView(world.session)?.notice?.where, "token 4 of the prompt");
  assert.match(world.session.announcement, /^Before space France, token 4 of the prompt\. Next most likely/);
  const text = world.text();
  await make(world, (now) => inspectStep(now, null));
  assert.deepEqual([inspectedPlaceOf(world.session), world.text()], [null, text]);
});

Deno.test("nothing comes before the first token: there is nothing to look at", async () => {
  const world = await opened();
  const before = world.session;
  await make(world, (now) => inspectPromptToken(now, 0), (now) => inspectPromptToken(now, 99));
  assert.equal(world.session, before);
});

Deno.test("another bar there is a branch: the prompt up to it, token for token, then what was chosen", async () => {
  const world = await opened();
  await make(world, choose(0));
  const id = await branched(world);
  assert.deepEqual(idsOf(world), { prompt: IDS.slice(0, 3), completion: [id] });
  assert.deepEqual(world.session.tree.branches.map(({ name }) => name), ["Main", "Branch B"]);
  assert.deepEqual(world.asked.at(-1)!.body.prompt_ids, IDS.slice(0, 3));
  assert.equal(world.session.draft.text, "The capital of");
  assert.equal(isDirty(world.session), false);
  await make(world, undo);
  assert.deepEqual([world.text(), world.session.draft.text], [`${PROMPT} Paris`, PROMPT]);
  await make(world, redo, removeLast);
  assert.deepEqual([world.text(), world.session.draft.text], ["The capital of", "The capital of"]);
  assert.ok(isCurrent(world.session));
});

Deno.test("the token that stands there leads back to the end, a draw that brings it to the next one", async () => {
  const world = await opened({ prompt: `${PROMPT} Paris`, u: () => 0 });
  await make(world, choose(0), (now) => inspectPromptToken(now, 5), choose(0));
  assert.deepEqual([inspectedPlaceOf(world.session), world.session.tree.branches.length], [null, 1]);
  await make(world, (now) => inspectPromptToken(now, 5), (now) => step(now, "drawn"));
  assert.deepEqual([inspectedPlaceOf(world.session), world.session.tree.branches.length], [6, 1]);
});

Deno.test("a text can be forced there", async () => {
  const world = await opened();
  await make(world, (now) => inspectPromptToken(now, 1), (now) => forceText(now, " sea is"));
  assert.equal(world.text(), "The sea is");
  assert.deepEqual(idsOf(world).prompt, IDS.slice(0, 1));
  assert.equal(world.session.draft.text, "The");
});

Deno.test("Start with the box as it is reads the same tokens; what was written and not started stays", async () => {
  const world = await opened({ prompt: "The sea" });
  await make(world, (now) => forceText(now, "s"), (now) => start(editText(now, "The ca"), true));
  const before = idsOf(world); // two bytes, where the text has a word
  await make(world, (now) => inspectPromptToken(now, before.prompt.length - 1), choose(0));
  const { prompt } = idsOf(world);
  assert.deepEqual(prompt, before.prompt.slice(0, -1));
  await make(world, (now) => start(now));
  assert.deepEqual(idsOf(world), { prompt, completion: [] });
  await make(world, (now) => editText(now, "Once"), (now) => inspectPromptToken(now, 1), choose(0));
  assert.equal(world.session.draft.text, "Once");
});

Deno.test("tokens of a chat template are tokens like the others", async () => {
  const world = await opened({ info: { hasChatTemplate: true } });
  await make(
    world,
    (now) => setMode(now, "chat"),
    (now) => editChat(now, editMessage(addMessage(now.draft.chat), 1, { content: "The sea" })),
    (now) => start(now),
  );
  const { prompt } = idsOf(world);
  await make(world, (now) => inspectPromptToken(now, 5), choose(0));
  assert.deepEqual(idsOf(world).prompt, prompt.slice(0, 5));
  assert.equal(world.session.draft.mode, "text");
  assert.equal(isDirty(world.session), false);
  await make(world, undo);
  assert.equal(world.session.draft.mode, "chat");
});

Deno.test("a link carries the tokens; behind another tokenizer their text is read", async () => {
  const world = await opened();
  const id = await branched(world);
  const link = shareLink("http://h/", sharedOf(world.session)!);
  const read = readShareLink(new URL(link).hash);
  assert.ok(read.kind === "shared");
  const there = await opened({ prompt: "Once" });
  await make(there, (now) => openShared(now, read.shared));
  assert.deepEqual(idsOf(there), { prompt: IDS.slice(0, 3), completion: [id] });
  assert.equal(there.session.draft.text, "The capital of");
  const other = modelStatusOf(fakeStatus.ready({ id: "fake/other" }));
  await make(there, (now) => receiveStatus(now, other), readAgain);
  const { source } = rootOf(currentTip(there.session.tree)!);
  assert.deepEqual(source, { kind: "text", text: "The capital of" });
});

Deno.test("a saved session keeps the branch, and the token of the prompt that is inspected", async () => {
  const world = await opened();
  const id = await branched(world);
  await make(world, (now) => inspectPromptToken(now, 2));
  const saved = checkSaved(JSON.parse(JSON.stringify(saveSession(world.session, new Date()))));
  const restored = restoreSession(createSession({ prompt: "", model: READY }), saved);
  assert.deepEqual(pathIdsOf(currentTip(restored.tree)!), { prompt: IDS.slice(0, 3), completion: [id] });
  assert.equal(inspectedPlaceOf(restored), 2);
  assert.equal(isDirty(restored), false);
  const { promptLook: _, ...old } = JSON.parse(JSON.stringify(saveSession(world.session, new Date())));
  assert.equal(checkSaved(old).promptLook, null, "a file of before");
});
