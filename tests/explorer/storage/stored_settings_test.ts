import assert from "node:assert/strict";
import { FIRST_SETTINGS } from "../../../lib/explorer/session/new_session.ts";
import type { Settings } from "../../../lib/explorer/session/types.ts";
import { changeField, choosePreset, setParam } from "../../../lib/explorer/settings/sampling.ts";
import { loadSettings, saveSettings } from "../../../lib/explorer/storage/stored_settings.ts";
import { memory } from "../memory_storage.ts";

/** Changes settings as one tab does: what differs is written. */
function change(
  storage: ReturnType<typeof memory>,
  before: Settings,
  make: (now: Settings) => Partial<Settings>,
): Settings {
  const now = { ...before, ...make(before) };
  saveSettings(storage, now, before);
  return now;
}

Deno.test("a second tab leaves what it has not changed: the order of the stages, breakers, candidates", () => {
  const storage = memory();
  saveSettings(storage, FIRST_SETTINGS);
  const second = loadSettings(storage); // opened before the first tab changes anything
  const order = { stages: ["top_k", "temperature"], dry_breakers: [13] } as const;
  const first = change(storage, FIRST_SETTINGS, (now) => changeField(now, order));
  change(storage, first, () => ({ topK: 25 }));
  change(storage, second, (now) => setParam(now, "temperature", 1.5));
  const { params, topK } = loadSettings(storage);
  assert.deepEqual([params.stages, params.dry_breakers], [order.stages, order.dry_breakers]);
  assert.deepEqual([params.temperature, topK], [1.5, 25]);
});

Deno.test("a third tab that only reads and writes what it read changes nothing", () => {
  const storage = memory();
  const params = { ...FIRST_SETTINGS.params, stages: ["top_k", "temperature"], dry_breakers: [13] } as const;
  saveSettings(storage, { ...FIRST_SETTINGS, params });
  const before = new Map(storage.values);
  saveSettings(storage, loadSettings(storage));
  assert.deepEqual(storage.values, before);
});

Deno.test("a preset that is chosen in one tab is whole, whatever another tab stored", () => {
  const storage = memory();
  const reliable = { ...FIRST_SETTINGS, ...choosePreset(FIRST_SETTINGS, "reliable") };
  const second = { ...reliable, ...setParam(reliable, "top_p", 0.5) };
  saveSettings(storage, second);
  change(storage, second, (now) => setParam(now, "temperature", 1.8)); // in the first tab
  const chosen = change(storage, second, (now) => choosePreset(now, "reliable")); // the temperature was that before
  assert.deepEqual(loadSettings(storage), chosen);
});

Deno.test("greedy comes back as greedy, whatever else is set with it", () => {
  const storage = memory();
  const greedy = setParam(choosePreset(FIRST_SETTINGS, "greedy"), "top_p", 0.5);
  saveSettings(storage, { ...FIRST_SETTINGS, ...greedy });
  const { params, preset } = loadSettings(storage);
  assert.deepEqual([params.greedy, params.top_p, preset], [true, 0.5, "greedy"]);
});

Deno.test("of stored lists what is impossible is left out, and an impossible order is none", () => {
  const params = {
    stop_sequences: ["\n", 7, ""],
    logit_bias: { "5": -2, cat: 1, "6": 1e9 },
    dry_breakers: [13, -1, "x"],
    stages: ["top_k", "nonsense"],
    seed: 0.5,
    penalty_scope: "none",
  };
  const { params: read } = loadSettings(memory({ "llmDemo.params": JSON.stringify({ params }) }));
  assert.deepEqual(read, {
    ...FIRST_SETTINGS.params,
    stop_sequences: ["\n"],
    logit_bias: { "5": -2 },
    dry_breakers: [13],
  });
});
