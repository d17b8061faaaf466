// A constraint that takes its whole time holds up nobody: neither another page's click nor another page's constraint
// for longer than its limit.
import assert from "node:assert/strict";
import { previewRequest } from "../../lib/api/endpoints/preview.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { faultOf } from "../../lib/fault.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { ask, withEngine } from "./real_engine.ts";
import { specFor } from "./spec.ts";
import { PATIENCE } from "../patience.ts";

/** 300 rules that ask for each other at their beginnings: more than the engine takes apart within its limit. */
const LINES = Array.from({ length: 300 }, (_, i) => `r${i} ::= r${i + 1} "x" | "y"`).join("\n");
const RUNAWAY = { enabled: true, type: "cfg", schema: `root ::= r0\n${LINES}\nr300 ::= r0` };

function preview(engine: Engine, client: string, constraint: object) {
  const input = parseRequest(previewRequest, { prompt_ids: [1, 2, 3], constraint });
  return engine.submit("preview", input, { client, signal: new AbortController().signal });
}

Deno.test(
  "clicks pass a constraint that takes its whole time; another page's constraint comes after it",
  PATIENCE,
  async () => {
    await withEngine(specFor("tiny-llama-gqa"), async ({ engine }) => {
      const events: string[] = [];
      const runaway = assert.rejects(preview(engine, "slow page", RUNAWAY), (error) => {
        events.push("runaway");
        assert.deepEqual([faultOf(error)?.code, faultOf(error)?.field], ["invalid_request", "constraint"]);
        assert.match((error as Error).message, /took longer than .*\.$/);
        return true;
      });
      for (let click = 0; click < 5; click++) {
        await ask(engine, { ids: [1, 2, 3, click] });
        events.push("click");
      }
      const other = await preview(engine, "other page", { enabled: true, type: "regex", schema: ".+" });
      assert.equal(other.dist.constraint_active, true);
      await runaway;
      assert.deepEqual(events, [...new Array(5).fill("click"), "runaway"]);
    });
  },
);
