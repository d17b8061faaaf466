// Workers that die while a model is being loaded.
import assert from "node:assert/strict";
import { SPEC } from "./fake_port.ts";
import { ask, code, gated, named, request, settled, start, until } from "./load_bench.ts";
import { PATIENCE } from "../patience.ts";

Deno.test(
  "load: a worker that dies of it leaves the old model alone, and is not started again",
  PATIENCE,
  async () => {
    const { engine, ports } = start(named, gated(new Promise(() => {})));
    await settled(engine);
    await engine.load(request("a/b"));
    ports[1]!.die("out of memory");
    const { load, loadError } = engine.status();
    assert.equal(load, null);
    assert.match(loadError!, /stopped while it loaded a\/b: out of memory/);
    assert.equal((await ask(engine)).model, SPEC.model);
    assert.equal(ports.length, 2);
    await engine.close();
  },
);

Deno.test("load: the serving worker dies meanwhile; the new model takes over", PATIENCE, async () => {
  const gate = Promise.withResolvers<void>();
  const { engine, ports } = start(named, gated(gate.promise));
  await settled(engine);
  await engine.load(request("a/b"));
  ports[0]!.die("gone");
  assert.equal(engine.status().model.state, "none");
  await assert.rejects(ask(engine), code("model_loading"));
  gate.resolve();
  await settled(engine);
  assert.equal((await ask(engine)).model, "a/b");
  assert.equal(ports.length, 2);
  await engine.close();
});

for (const end of ["fails", "is cancelled", "dies"] as const) {
  Deno.test(
    `load: the serving worker dies, then the load ${end}: the old model comes back`,
    PATIENCE,
    async () => {
      const gate = Promise.withResolvers<void>();
      const { engine, ports } = start(named, gated(gate.promise), named);
      await settled(engine);
      await engine.load(request("a/b"));
      ports[0]!.die("gone");
      if (end === "fails") gate.reject(new Error("no such file"));
      if (end === "is cancelled") engine.cancelLoad();
      if (end === "dies") ports[1]!.die("gone as well");
      await until(engine, (status) => status.model.state !== "none");
      assert.equal((await ask(engine)).model, SPEC.model);
      const { loadError } = engine.status();
      assert.equal(loadError !== null, end !== "is cancelled");
      assert.equal(ports.length, 3);
      await engine.close();
    },
  );
}
