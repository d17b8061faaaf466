// schemathesis holds the server against its OpenAPI document: what is valid by it is taken, what is not is refused, and
// every answer is as it says. Needs Python with the package schemathesis; left out aloud without it, required with
// NEXTTOKEN_REQUIRE_PYTHON=1.
import assert from "node:assert/strict";
import { join } from "node:path";
import { createModelRoots } from "../../lib/hub/resolve.ts";
import { ROOT } from "../engine/spec.ts";
import { TINY, withFolder } from "../hub/support.ts";
import { hasPackages, python, required } from "./python.ts";
import { withServedModel } from "./served.ts";

const HOOKS = join(import.meta.dirname!, "schemathesis_hooks.py");
const RUN = "import sys; from schemathesis.cli import schemathesis; schemathesis(sys.argv[1:])";
const SETTINGS = [
  ...["--seed", "1", "--phases", "coverage"], // no limit of time: the same cases on every machine
  ...["--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"],
  ...["--request-timeout", "30"],
];
/** A load takes the others' model away, and questions make prompts that are longer than the small model can read. */
const APART = ["/api/model/load", "/v1/systemone"];
const NAMES = ["long", "other"];

const there = await hasPackages("schemathesis");
if (!there && !required) console.warn("LEFT OUT: schemathesis. Python lacks the package.");

Deno.test({
  name: `the OpenAPI document is exact${there ? "" : " (left out: no schemathesis)"}`,
  ignore: !there && !required,
  fn: async () => {
    assert.ok(there, "schemathesis is required (NEXTTOKEN_REQUIRE_PYTHON=1) and missing");
    const excluded = APART.flatMap((path) => ["--exclude-path", path]);
    await withServedModel((url) => holdAgainstDocument(url, excluded), "tiny-llama-gqa");
    await withFolder(async (modelsDir) => {
      for (const name of NAMES) {
        await copyWithLongContext(join(TINY, "tiny-llama-decomposed"), join(modelsDir, name));
      }
      const roots = createModelRoots(join(ROOT, "models"), { modelsDir });
      const included = APART.flatMap((path) => ["--include-path", path]);
      await withServedModel((url) => holdAgainstDocument(url, included), NAMES[0], { roots });
    });
  },
});

async function holdAgainstDocument(url: string, run: readonly string[]): Promise<void> {
  const args = ["-c", RUN, "run", `${url}/api/openapi.json`, "--url", url, ...SETTINGS, ...run];
  const env = { SCHEMATHESIS_HOOKS: HOOKS, MODEL_NAMES: NAMES.join(",") };
  const cwd = await Deno.makeTempDir(); // it writes down what it found
  const { success, out } = await python(args, { env, cwd })
    .finally(() => Deno.remove(cwd, { recursive: true }));
  assert.ok(success, out.replace(/.{2000,}/g, (line) => `${line.slice(0, 1000)} …`).slice(-20_000));
  assert.match(out, /\d{2,} generated/);
}

/** A small model that reads longer prompts. */
async function copyWithLongContext(from: string, to: string): Promise<void> {
  await Deno.mkdir(join(to, "onnx"), { recursive: true });
  const files = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"];
  for (const file of files) await Deno.copyFile(join(from, file), join(to, file));
  const path = join(to, "config.json");
  const config = { ...JSON.parse(await Deno.readTextFile(path)), max_position_embeddings: 65_536 };
  await Deno.writeTextFile(path, JSON.stringify(config));
}
