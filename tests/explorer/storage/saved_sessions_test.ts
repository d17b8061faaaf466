import assert from "node:assert/strict";
import { describeSession } from "../../../lib/explorer/storage/saved_sessions.ts";
import { saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import { opened } from "../fake_api.ts";

Deno.test("a kept session is called by its prompt, or by the user's first words", async () => {
  const { session } = await opened({ prompt: "The cat\n  sat" });
  const now = new Date("2030-01-02T03:04:05Z");
  const kept = describeSession("a", saveSession(session, now), "free");
  assert.deepEqual([kept.title, kept.branches, kept.place], ["The cat sat", 1, "free"]);
  assert.equal(kept.savedAt.getTime(), now.getTime());
  const messages = [{ role: "system", content: "Be brief." }, { role: "user", content: "Why?" }];
  const chat = { ...session, draft: { mode: "chat" as const, text: "", chat: { messages, open: true } } };
  assert.equal(describeSession("a", saveSession(chat, now), "free").title, "Why?");
  const empty = { ...session, draft: { ...session.draft, text: " " } };
  assert.equal(describeSession("a", saveSession(empty, now), "free").title, "Nothing written yet");
});
