import assert from "node:assert/strict";
import { classroomOf } from "../../lib/api/endpoints/classroom.ts";
import { fakeConfig } from "../fake_config.ts";
import { fakeApp } from "./fake_app.ts";

const PATH = "/api/classroom";
const LOAD = "/api/model/load";

Deno.test("a locked model cannot be changed until it is unlocked", async () => {
  const app = fakeApp();
  const before = await (await app.ask(PATH)).json();
  assert.deepEqual([before.open, before.addresses, before.locked, before.own], [false, [], false, true]);
  assert.equal((await (await app.post(PATH, { locked: true })).json()).locked, true);
  const refused = await app.post(LOAD, { model_id: "owner/other" });
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, "model_locked");
  assert.deepEqual(app.engine.loads, []);
  await (await app.post(PATH, { locked: false })).body?.cancel();
  assert.equal((await app.post(LOAD, { model_id: "owner/other" })).status, 200);
});

Deno.test("another computer sees the lock and cannot turn it", async () => {
  const app = fakeApp();
  const info = {
    remoteAddr: { transport: "tcp", hostname: "192.168.1.9", port: 1 },
  } as Deno.ServeHandlerInfo;
  const ask = (init?: RequestInit) => app.handler(new Request(`http://localhost:5005${PATH}`, init), info);
  assert.equal((await (await ask()).json()).own, false);
  const headers = { "content-type": "application/json" };
  const refused = await ask({ method: "POST", headers, body: '{"locked": true}' });
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, "not_own_computer");
  assert.equal((await (await ask()).json()).locked, false);
});

Deno.test("of a proxy on the server's own computer its clients' addresses count, where it is trusted and says them", async () => {
  const ownAs = async (headers: Record<string, string>, trustProxy: boolean) => {
    const app = fakeApp({ config: { trustProxy } });
    const { own } = await (await app.ask(PATH, { headers })).json();
    const turned = await app.post(PATH, { locked: true }, headers);
    assert.equal((await turned.json()).locked ?? false, own);
    return own;
  };
  const pupil = { "x-forwarded-for": "127.0.0.1, 192.168.1.9" };
  const teacher = { "x-forwarded-for": "127.0.0.1" };
  assert.deepEqual([await ownAs(pupil, true), await ownAs(pupil, false)], [false, false]);
  assert.deepEqual([await ownAs(teacher, true), await ownAs(teacher, false)], [true, false]);
  assert.deepEqual([await ownAs({ forwarded: "for=127.0.0.1" }, true), await ownAs({}, true)], [false, true]);
});

Deno.test("addresses are those that the network has and the server answers to", () => {
  const lock = { locked: false };
  const asked = { lock, from: "127.0.0.1", port: "5005" };
  const config = fakeConfig({ host: "0.0.0.0", allowedHosts: ["192.168.1.20"] });
  const found = classroomOf({ ...asked, config }, ["192.168.1.20", "10.0.0.2"]);
  assert.deepEqual([found.open, found.addresses], [true, ["http://192.168.1.20:5005/"]]);
  assert.deepEqual(classroomOf({ ...asked, config: fakeConfig() }, ["192.168.1.20"]).addresses, []);
  const all = fakeConfig({ host: "0.0.0.0", allowedHosts: ["*"] });
  assert.deepEqual(classroomOf({ ...asked, config: all, port: "" }, ["10.0.0.2"]).addresses, [
    "http://10.0.0.2/",
  ]);
});
