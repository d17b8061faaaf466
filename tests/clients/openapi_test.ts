// schemathesis holds the server against its OpenAPI document: what is valid by it is taken, what is not is refused, and
// every answer is as it says. Needs Python with the package schemathesis; left out aloud without it, required with
// NEXTTOKEN_REQUIRE_PYTHON=1.
import assert from "node:assert/strict";
import { join } from "node:path";
import { hasPackages, python, required } from "./python.ts";
import { withServedModel } from "./served.ts";

const HOOKS = join(import.meta.dirname!, "schemathesis_hooks.py");
const RUN = "import sys; from schemathesis.cli import schemathesis; schemathesis(sys.argv[1:])";
const SETTINGS = [
  ...["--seed", "1", "--phases", "coverage"], // no limit of time: the same cases on every machine
  ...["--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"],
  ...["--request-timeout", "30", "--exclude-path", "/api/model/load"], // a load would take the others' model away
  ...["--exclude-path", "/v1/systemone"], // the prompts it writes are longer than the small model can read
];

const there = await hasPackages("schemathesis");
if (!there && !required) console.warn("LEFT OUT: schemathesis. Python lacks the package.");

Deno.test({
  name: `the OpenAPI document is exact${there ? "" : " (left out: no schemathesis)"}`,
  ignore: !there && !required,
  fn: async () => {
    assert.ok(there, "schemathesis is required (NEXTTOKEN_REQUIRE_PYTHON=1) and missing");
    await withServedModel(async (url) => {
      const args = ["-c", RUN, "run", `${url}/api/openapi.json`, "--url", url, ...SETTINGS];
      const cwd = await Deno.makeTempDir(); // it writes down what it found
      const { success, out } = await python(args, { env: { SCHEMATHESIS_HOOKS: HOOKS }, cwd })
        .finally(() => Deno.remove(cwd, { recursive: true }));
      assert.ok(success, out.replace(/.{2000,}/g, (line) => `${line.slice(0, 1000)} …`).slice(-20_000));
      assert.match(out, /\d{2,} generated/);
    }, "tiny-llama-gqa");
  },
});
