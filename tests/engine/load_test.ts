// Loads with real workers over a fake hub: phases and bytes, a cancel at every phase, resuming, memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { cachePathsOf } from "../../lib/hub/cache/cache.ts";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import type { EngineStatus } from "../../lib/engine/types.ts";
import type { LoadProgress } from "../../lib/hub/folder/types.ts";
import { etagOf, type FakeHub, type Mischief } from "../hub/fake_hub.ts";
import { TINY, withFolder } from "../hub/support.ts";
import { ask, withEngine, withTinyHub } from "./real_engine.ts";
import { ROOT, specFor } from "./spec.ts";
import { PATIENCE } from "../patience.ts";

const ID = "tiny/tiny-llama-gqa";
const WEIGHTS = "onnx/model.onnx";
const TEXT = { text: "The cat" };

const isPhase = (phase: LoadProgress["phase"]) => ({ load }: EngineStatus) => load?.progress.phase === phase;

/** The weights trickle from now on. */
function slowWeights(hub: FakeHub, bytesAStep: number): void {
  hub.mischief = ({ path }): Mischief | null => path.endsWith(WEIGHTS) ? { slow: bytesAStep } : null;
}

/** Every status says that the model loaded so far serves. */
function servesOn(statuses: readonly EngineStatus[], id: string): void {
  const others = statuses.filter(({ model }) => model.state !== "ready" || model.info.id !== id);
  assert.deepEqual(others, []);
}

Deno.test("a download tells its phases and bytes, and clicks are answered meanwhile", PATIENCE, async () => {
  await withTinyHub(async (hub, spec, repositories) => {
    slowWeights(hub, 30_000);
    await withEngine(spec, async ({ engine, statuses, load, until }) => {
      const begun = statuses.length;
      const loaded = load(ID, { variant: "fp32" });
      await until(isPhase("downloading"));
      const before = await ask(engine, TEXT);
      assert.equal(before.model, "tiny-gpt2");
      await loaded;
      const ready = statuses.findIndex(({ model }) => model.state === "ready" && model.info.id === ID);
      const during = statuses.slice(begun, ready);
      servesOn(during, "tiny-gpt2");
      const progress = during.flatMap((status) => status.load ? [status.load.progress] : []);
      const phases = progress.map((step) => step.phase).filter((phase, i, all) => phase !== all[i - 1]);
      assert.deepEqual(phases, ["resolving", "downloading", "verifying", "opening"]);
      const bytes = progress.filter((step) => step.phase === "downloading");
      assert.ok(bytes.every((step, i) => step.received >= (bytes[i - 1]?.received ?? 0)));
      assert.ok(bytes.some((step) => step.file === WEIGHTS && step.bytesPerSecond > 0));
      const whole = repositories[ID]![WEIGHTS]!.length;
      assert.ok(bytes.at(-1)!.total > whole && bytes.at(-1)!.received <= bytes.at(-1)!.total);
      assert.equal((await ask(engine, TEXT)).model, ID);
    });
  });
});

/** What stops a load at each phase. */
const PHASES: Record<"resolving" | "downloading" | "opening", (hub: FakeHub) => void> = {
  resolving: (hub) => hub.mischief = ({ path }) => path.startsWith("/api/") ? { silent: true } : null,
  downloading: (hub) => slowWeights(hub, 5_000),
  opening: () => {},
};

for (const [phase, hinder] of Object.entries(PHASES)) {
  Deno.test(`a load cancelled while ${phase} changes nothing, and the next one works`, PATIENCE, async () => {
    await withTinyHub(async (hub, spec) => {
      hinder(hub);
      await withEngine(spec, async ({ engine, statuses, load, until }) => {
        await ask(engine, TEXT);
        const begun = statuses.length;
        await engine.load({ modelId: ID, revision: null, variant: "fp32", device: null });
        await until(isPhase(phase as keyof typeof PHASES));
        const told = engine.cancelLoad();
        assert.deepEqual([told.load, told.loadError], [null, null]);
        servesOn(statuses.slice(begun), "tiny-gpt2");
        assert.equal((await ask(engine, TEXT)).model, "tiny-gpt2");
        hub.mischief = () => null;
        await load(ID, { variant: "fp32" });
        assert.equal((await ask(engine, TEXT)).model, ID);
      });
    });
  });
}

/** Bytes of the file at `path`, 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  return (await Deno.stat(path).catch(() => null))?.size ?? 0;
}

for (const end of ["cancel", "stop of the server"] as const) {
  Deno.test(`a ${end} in a download leaves a part that the next load resumes`, PATIENCE, async () => {
    await withTinyHub(async (hub, spec, repositories) => {
      const weights = repositories[ID]![WEIGHTS]!;
      const part = `${cachePathsOf(spec.hub.cacheFolder, ID).blob(etagOf(WEIGHTS, weights))}.incomplete`;
      slowWeights(hub, 20_000);
      await withEngine(spec, async ({ engine, until }) => {
        await engine.load({ modelId: ID, revision: null, variant: "fp32", device: null });
        await until(({ load }) => load?.progress.file === WEIGHTS);
        while (await sizeOf(part) === 0) await new Promise((resolve) => setTimeout(resolve, 10)); // some of it is there
        if (end === "cancel") engine.cancelLoad();
        else await engine.close();
      });
      const kept = (await Deno.stat(part)).size;
      assert.ok(kept > 0 && kept < weights.length, `${kept} bytes`);
      hub.mischief = () => null;
      await withEngine(spec, async ({ load }) => await load(ID, { variant: "fp32" }));
      const asked = hub.seen.filter(({ path }) => path.endsWith(WEIGHTS));
      assert.equal(asked.at(-1)!.range, `bytes=${kept}-`);
    });
  });
}

Deno.test(
  "the first model may come from the hub; offline without it the reason is told",
  PATIENCE,
  async () => {
    await withTinyHub(async (_, spec) => {
      const hubFirst = { ...spec, model: ID, variant: "q4" };
      const offline = { ...hubFirst, hub: { ...spec.hub, offline: true } };
      await withEngine(offline, async ({ engine, load }) => {
        const { model } = engine.status();
        assert.ok(model.state === "failed" && /HF_HUB_OFFLINE/.test(model.reason));
        await load("tiny-qwen3", { variant: "fp32" }); // the failed state takes another model
        assert.equal((await ask(engine, TEXT)).model, "tiny-qwen3");
      });
      await withEngine(hubFirst, async ({ engine }) => {
        assert.equal((await ask(engine, TEXT)).model, ID);
        const { model } = engine.status();
        assert.ok(model.state === "ready" && model.info.id === ID && model.info.backend.variant === "q4");
      });
      await withEngine(offline, async ({ engine }) => assert.equal((await ask(engine, TEXT)).model, ID));
    });
  },
);

Deno.test(
  "what cannot fit the memory is refused with numbers, and with what there is of other files",
  PATIENCE,
  () =>
    withFolder(async (modelsDir) => {
      const source = join(TINY, "tiny-gpt2");
      const huge = join(modelsDir, "huge");
      await Deno.mkdir(join(huge, "onnx"), { recursive: true });
      for (const name of ["tokenizer.json", "onnx/model.onnx"]) {
        await Deno.copyFile(join(source, name), join(huge, name));
      }
      const config = JSON.parse(await Deno.readTextFile(join(source, "config.json")));
      await Deno.writeTextFile(
        join(huge, "config.json"),
        JSON.stringify({ ...config, n_layer: 100_000_000 }),
      );
      const roots = createModelRoots(join(ROOT, "models"), { modelsDir, model: source });
      await withEngine(specFor(source, { roots }), async ({ engine, load }) => {
        await assert.rejects(
          load("huge"),
          /huge \(fp32\) needs about [\d.]+ GB of memory, but only .+ are free/,
        );
        assert.equal((await ask(engine, TEXT)).model, "tiny-gpt2");
        await assert.rejects(load("huge", { variant: "q4" }), /huge has no q4 file; it has fp32/);
      });
    }),
);
