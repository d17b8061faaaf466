import assert from "node:assert/strict";
import { Inbox } from "../../lib/protocol/inbox.ts";

Deno.test("a thread sees that it is called until it has taken what was sent", async () => {
  const sender = new Inbox();
  const receiver = new Inbox(structuredClone(sender.shared));
  assert.equal(receiver.calling, false);
  sender.add();
  sender.add();
  assert.equal(receiver.calling, true);
  const log: string[] = [];
  const taken = receiver.taken().then(() => log.push("taken"));
  receiver.take(() => log.push("work"));
  await taken;
  assert.deepEqual(log, ["work", "taken"]);
  assert.equal(receiver.calling, true);
  receiver.take(() => {});
  assert.equal(receiver.calling, false);
});

Deno.test("a message that comes before it is counted leaves no count behind", () => {
  const inbox = new Inbox();
  inbox.take(() => {});
  assert.equal(inbox.calling, false);
  inbox.add();
  assert.equal(inbox.calling, false);
});

Deno.test("who waits for a message goes on where taking it throws", async () => {
  const inbox = new Inbox();
  inbox.add();
  const taken = inbox.taken();
  const work = () => {
    throw new RangeError("broken");
  };
  assert.throws(() => inbox.take(work), RangeError);
  await taken;
  assert.equal(inbox.calling, false);
});
