// Where onnxruntime-node ships a library, `auto` must take the native runner: a silent fallback would cost every click.
import assert from "node:assert/strict";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import { withEngine } from "../engine/real_engine.ts";
import { FIRST_LOAD, specFor } from "../engine/spec.ts";

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";
/** Where a failure must not pass: .ci/run sets the variable, and the platform is the one that is measured. */
const REQUIRED = Deno.env.get("NEXTTOKEN_REQUIRE_NATIVE") === "1" ||
  (Deno.build.os === "linux" && Deno.build.arch === "x86_64");

async function runtimeOf(spec: LoadSpec): Promise<string> {
  let runtime = "";
  await withEngine(spec, ({ engine }) => {
    const { model } = engine.status();
    assert.ok(model.state === "ready", JSON.stringify(model));
    runtime = model.info.backend.runtime;
    return Promise.resolve();
  });
  return runtime;
}

Deno.test("auto takes the native runner", async () => {
  const runtime = await runtimeOf(specFor(BUNDLED, FIRST_LOAD));
  if (REQUIRED) return assert.equal(runtime, "native");
  console.log(`NOT REQUIRED HERE: on ${Deno.build.os} ${Deno.build.arch} the runner is ${runtime}.`);
});

Deno.test("the runner that is asked for by name is the one that serves", async () => {
  assert.equal(await runtimeOf(specFor("tiny-llama-gqa", { ...FIRST_LOAD, runner: "addon" })), "addon");
  assert.equal(await runtimeOf(specFor("tiny-llama-gqa", { ...FIRST_LOAD, runner: "native" })), "native");
});
