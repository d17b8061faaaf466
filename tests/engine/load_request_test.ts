import assert from "node:assert/strict";
import { faultOf } from "../../lib/fault.ts";
import type { LoadRequest } from "../../lib/engine/types.ts";
import { SPEC } from "./fake_port.ts";
import { named, request, settled, start } from "./load_bench.ts";
import { PATIENCE } from "../patience.ts";

const IMPOSSIBLE: [LoadRequest, string][] = [
  ...[
    "",
    "../../etc",
    "/etc",
    "a/../b",
    "C:\\x",
    "owner/name\n",
    "ownеr/name",
    "a".repeat(10_000),
    "nothing-here",
  ]
    .map((id): [LoadRequest, string] => [request(id), "model_id"]),
  [request(`${SPEC.roots.modelsDir}/none`), "model_id"],
  [request("a/b", { variant: "q9" }), "dtype"],
  [request("a/b", { revision: "../main" }), "revision"],
  [request("a/b@v1", { revision: "v2" }), "revision"],
  [request("tiny-gpt2", { revision: "v1" }), "revision"],
];

Deno.test("load: what cannot be a model is refused before anything starts", PATIENCE, async () => {
  const { engine, ports } = start(named);
  await settled(engine);
  const before = engine.status();
  for (const [wrong, field] of IMPOSSIBLE) {
    const refused = (error: unknown) =>
      faultOf(error)?.code === "invalid_request" && faultOf(error)?.field === field &&
      String(error).length < 300;
    await assert.rejects(engine.load(wrong), refused, JSON.stringify(wrong).slice(0, 80));
  }
  assert.equal(ports.length, 1);
  assert.equal(engine.status(), before);
  await engine.close();
});
