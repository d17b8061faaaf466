import assert from "node:assert/strict";
import { currentTip } from "../../../lib/explorer/session/branches.ts";
import { undo } from "../../../lib/explorer/moves/path_moves.ts";
import {
  canReply,
  clear,
  editChat,
  setMode,
  start,
  takeReply,
} from "../../../lib/explorer/moves/prompt_moves.ts";
import { completionText } from "../../../lib/explorer/session/path_text.ts";
import { readShareLink, shareLink } from "../../../lib/explorer/share/link.ts";
import { sharedOf } from "../../../lib/explorer/share/actions.ts";
import { savedHead } from "../../../lib/explorer/storage/saved/shapes.ts";
import { saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import type { Session } from "../../../lib/explorer/session/types.ts";
import { choose, make, opened } from "../fake_api.ts";

const MORE = { reasoning_content: "Hm.", tool_calls: [{ function: { name: "sum" } }] };
const MESSAGES = [
  { role: "user", content: "sun" },
  { role: "assistant", content: "", more: MORE },
  { role: "user", content: "moon" },
];

const chat = (session: Session) =>
  start(editChat(setMode(session, "chat"), { messages: MESSAGES, open: true }));

async function chatting() {
  const world = await opened({ info: { hasChatTemplate: true } });
  await make(world, chat, choose(0), choose(1));
  return world;
}

Deno.test("the reply is a message once something was written, and not while the messages differ", async () => {
  const world = await chatting();
  const reply = completionText(currentTip(world.session.tree)!);
  assert.equal(canReply(world.session), true);
  const next = takeReply(world.session);
  assert.deepEqual(next.draft.chat.messages, [
    ...MESSAGES,
    { role: "assistant", content: reply },
    { role: "user", content: "" },
  ]);
  assert.match(next.announcement, /^The reply is message 4 now\./);
  assert.equal(canReply(next), false, "it is taken");
  assert.equal(takeReply(next), next);
});

Deno.test("clearing takes every path, and undo brings them back", async () => {
  const world = await chatting();
  const before = world.session.tree;
  await make(world, clear);
  assert.equal(world.session.tree.branches.length, 0);
  assert.deepEqual(world.session.draft.chat.messages, []);
  await make(world, undo);
  assert.equal(world.session.tree, before);
  assert.equal(clear({ ...world.session, tree: { branches: [], current: null } }).tree.branches.length, 0);
});

Deno.test("the other keys of a turn are in links and in saved sessions", async () => {
  const { session } = await chatting();
  const link = shareLink("http://localhost/", sharedOf(session)!);
  const read = readShareLink(new URL(link).hash);
  assert.ok(read.kind === "shared" && read.shared.source.kind === "chat");
  assert.deepEqual(read.shared.source.messages, MESSAGES);
  const saved = JSON.parse(JSON.stringify(saveSession(session, new Date())));
  assert.deepEqual(savedHead(saved, "session").draft.chat.messages, MESSAGES);
  saved.draft.chat.messages[1].more = "no object";
  assert.throws(() => savedHead(saved, "session"), TypeError);
});
