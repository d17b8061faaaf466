import assert from "node:assert/strict";
import { listedSessionOf } from "../../../lib/explorer/storage/saved_sessions.ts";
import { createSessionList } from "../../../lib/explorer/page/session_list.ts";
import { saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import { until } from "../../until.ts";
import { opened } from "../fake_api.ts";

Deno.test("a kept session is called by its prompt, or by the user's first words", async () => {
  const { session } = await opened({ prompt: "The cat\n  sat" });
  const now = new Date("2030-01-02T03:04:05Z");
  const kept = listedSessionOf("a", saveSession(session, now), "free");
  assert.deepEqual([kept.title, kept.branches, kept.place], ["The cat sat", 1, "free"]);
  assert.equal(kept.savedAt.getTime(), now.getTime());
  const messages = [{ role: "system", content: "Be brief." }, { role: "user", content: "Why?" }];
  const chat = { ...session, draft: { mode: "chat" as const, text: "", chat: { messages, open: true } } };
  assert.equal(listedSessionOf("a", saveSession(chat, now), "free").title, "Why?");
  const empty = { ...session, draft: { ...session.draft, text: " " } };
  assert.equal(listedSessionOf("a", saveSession(empty, now), "free").title, "Nothing written yet");
});

Deno.test("a browser that forbids its storages opens the tab, which says so", async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "sessionStorage")!;
  const get = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get });
  try {
    const list = createSessionList({ page: { save: () => Promise.resolve() } });
    list.read();
    await until(() => list.problem.value !== "");
    assert.equal(list.problem.value, "This browser keeps no sessions: The operation is insecure.");
  } finally {
    Object.defineProperty(globalThis, "sessionStorage", own);
  }
});
