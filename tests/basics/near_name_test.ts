import assert from "node:assert/strict";
import { findNearName } from "../../lib/basics/near_name.ts";

const NAMES = ["temperature", "top_k", "top_p", "prompt", "seed", "params.top_h", "max_tokens", "u"];

Deno.test("a misspelt name is the nearest one, another word is none", () => {
  const cases: Readonly<Record<string, string | null>> = {
    temprature: "temperature",
    tempertaure: "temperature",
    Temperature: "temperature",
    "top-k": "top_k",
    topP: "top_p",
    maxTokens: "max_tokens",
    topH: "params.top_h",
    promtp: "prompt",
    seeds: "seed",
    sede: "seed",
    model: null,
    branch: null,
    x: null,
    n: null,
    U: "u",
    "": null,
    ["temperature".repeat(100_000)]: null,
  };
  for (const [name, near] of Object.entries(cases)) {
    assert.equal(findNearName(name, NAMES), near, name.slice(0, 20));
  }
});
