// Any model: each file of each tiny model, by folder and through a hub, gives its golden logits and tokens through
// the engine, in workers that take each other's place; what is broken says so and the model in use answers on.
import assert from "node:assert/strict";
import type { TokenizeResult } from "../../lib/wire/tokenize.ts";
import { join } from "node:path";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { type GoldenFile, goldenFiles, largestDifference } from "../runners/goldens.ts";
import { ask, type RealEngine, withEngine, withTinyHub } from "../engine/real_engine.ts";
import { FIXTURES, ROOT, specFor } from "../engine/spec.ts";

const MODELS = Map.groupBy(goldenFiles(), (file) => file.model);

interface Golden {
  readonly name: string;
  readonly prompt: unknown; // text, or messages of a chat
  readonly ids: readonly number[];
  readonly tokens: readonly string[]; // each id decoded alone
}

function goldens(model: string): readonly Golden[] {
  return JSON.parse(Deno.readTextFileSync(join(FIXTURES, "refs", model, "golden.json"))).cases;
}

/** All logits of the vocabulary: their logarithms of probabilities, moved by what one raw logit says. */
async function logitsOf(engine: Engine, ids: readonly number[]): Promise<number[]> {
  const { candidates, logits } = await ask(engine, { ids });
  const byId = new Map(candidates.map(({ id, logprob }) => [id, logprob ?? -Infinity]));
  const shift = (logits[0] as number) - byId.get(0)!;
  return Array.from({ length: byId.size }, (_, id) => byId.get(id)! + shift);
}

async function checkLogits(engine: Engine, file: GoldenFile): Promise<void> {
  for (const { name, ids, logits, variants } of file.cases) {
    const expected = variants[file.file]?.last_logits ?? logits.at(-1)!;
    const difference = largestDifference(await logitsOf(engine, ids), expected);
    assert.ok(difference <= file.tolerance, `${name}: logits differ by ${difference} > ${file.tolerance}`);
  }
}

async function checkTokens(engine: Engine, model: string): Promise<void> {
  for (const { name, prompt, ids, tokens } of goldens(model)) {
    const answer = await ask(engine, { ids });
    const single = new Map(answer.candidates.map((candidate) => [candidate.id, candidate.token]));
    assert.deepEqual(ids.map((id) => single.get(id)), tokens, name);
    if (typeof prompt !== "string") continue;
    const read = await ask(engine, { text: prompt });
    assert.deepEqual(read.ids, ids, name);
    const json = await engine.submit("tokenize", { text: prompt }, {
      client: "test",
      signal: new AbortController().signal,
    });
    const { tokens: pills } = JSON.parse(new TextDecoder().decode(json)) as TokenizeResult;
    const texts = pills.map((pill) => pill.text);
    assert.equal(texts.join(""), prompt, name);
  }
}

/** Loads `files` of a model that has `count` of them. */
async function checkModel(
  { engine, load }: RealEngine,
  id: string,
  files: readonly GoldenFile[],
  count = files.length,
) {
  const { files: listed } = await engine.variants(id, null, new AbortController().signal);
  assert.equal(listed.length, count);
  for (const file of files) {
    const { dtype, fidelity } = listed.find((variant) => variant.file === `onnx/${file.file}`)!;
    assert.ok(fidelity.startsWith(`${dtype}:`));
    await load(id, { variant: dtype });
    const { model } = engine.status();
    assert.ok(model.state === "ready" && model.info.id === id && model.info.backend.variant === dtype);
    await checkLogits(engine, file);
    await checkTokens(engine, file.model);
  }
}

Deno.test("every tiny model loads by its folder and gives its golden logits and tokens", async (t) => {
  await withEngine(specFor("tiny-gpt2"), async (real) => {
    for (const [model, files] of MODELS) await t.step(model, () => checkModel(real, model, files));
  });
});

Deno.test("every tiny model loads through the hub and gives its golden logits and tokens", async (t) => {
  await withTinyHub(async (hub, spec) => {
    await withEngine(spec, async (real) => {
      let index = 1; // so that the file with data beside it is one of them
      for (const [model, files] of MODELS) {
        // What a file gives is seen above: here it comes over the network, one file of each model, of every kind.
        const file = files.at(index++ % files.length)!;
        await t.step(`${model}/${file.file}`, () => checkModel(real, `tiny/${model}`, [file], files.length));
      }
      const available = await real.engine.models();
      for (const model of MODELS.keys()) {
        assert.ok(available.find(({ id }) => id === `tiny/${model}`)?.cached, model);
      }
    });
    assert.ok(hub.seen.length > 0);
  });
});

Deno.test("every broken model says what is wrong with which file, and the loaded one answers on", async (t) => {
  const broken = join(FIXTURES, "broken-models");
  const own = join(FIXTURES, "tiny-models", "tiny-qwen3");
  const roots = createModelRoots(join(ROOT, "models"), { modelsDir: broken, model: own });
  await withEngine(specFor(own, { roots }), async ({ engine, load }) => {
    const before = await logitsOf(engine, [1, 2, 3]);
    for (const { name } of Deno.readDirSync(broken)) {
      await t.step(name, async () => {
        const expected = JSON.parse(Deno.readTextFileSync(join(broken, name, "expect.json")));
        const reason: string = await load(name).then(() => assert.fail(), (error) => error.message);
        for (const mention of expected.message_should_mention) {
          assert.ok(reason.includes(mention), `${JSON.stringify(reason)} does not mention ${mention}`);
        }
        assert.ok(reason.length < 500, reason);
        assert.deepEqual(await logitsOf(engine, [1, 2, 3]), before);
      });
    }
    await load("tiny-qwen3"); // the folder of NEXTTOKEN_MODEL goes by the id it was given
    assert.deepEqual(await logitsOf(engine, [1, 2, 3]), before);
  });
});
