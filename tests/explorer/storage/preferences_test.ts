import assert from "node:assert/strict";
import { FIRST_DISPLAY, FIRST_SETTINGS } from "../../../lib/explorer/session/new_session.ts";
import { choosePreset } from "../../../lib/explorer/settings/sampling.ts";
import {
  loadDisplay,
  loadEnabled,
  loadSingleKeys,
  loadTheme,
  saveDisplay,
  saveSingleKeys,
  saveTheme,
} from "../../../lib/explorer/storage/preferences.ts";
import { loadSettings, saveSettings } from "../../../lib/explorer/storage/stored_settings.ts";
import { memory } from "../memory_storage.ts";

const COLD = { ...FIRST_SETTINGS, params: { ...FIRST_SETTINGS.params, temperature: 0.3, seed: 7 }, topK: 25 };

Deno.test("settings are remembered under the published keys", () => {
  const storage = memory();
  assert.deepEqual(loadSettings(storage), FIRST_SETTINGS);
  saveSettings(storage, COLD);
  assert.equal(storage.values.get("llmDemo.topK"), "25");
  const stored = JSON.parse(storage.values.get("llmDemo.params")!);
  assert.deepEqual([stored.params.temperature, stored.params.seed, stored.preset], [0.3, 7, "custom"]);
  assert.deepEqual(loadSettings(storage), COLD);
});

Deno.test("presets come back by their name, where the values are theirs", () => {
  const storage = memory();
  const creative = { ...FIRST_SETTINGS, ...choosePreset(FIRST_SETTINGS, "creative") };
  saveSettings(storage, creative);
  assert.deepEqual(loadSettings(storage), creative);
  const stored = JSON.parse(storage.values.get("llmDemo.params")!);
  storage.values.set("llmDemo.params", JSON.stringify({ ...stored, preset: "reliable" }));
  assert.equal(loadSettings(storage).preset, "custom");
});

Deno.test("settings of the published apps are read: what they lack is off", () => {
  const params = {
    temperature: 1.2,
    top_p: 0.9,
    stop_sequences: ["\n", 7, ""],
    logit_bias: { "5": -2, cat: 1 },
  };
  const storage = memory({ "llmDemo.params": JSON.stringify({ params, preset: "custom" }) });
  const { params: read } = loadSettings(storage);
  assert.deepEqual([read.temperature, read.top_p, read.repetition_penalty, read.min_p], [1.2, 0.9, 1, 0]);
  assert.deepEqual([read.stop_sequences, read.logit_bias], [["\n"], { "5": -2 }]);
});

Deno.test("what is not ours counts as not there, what is out of range is brought into it", () => {
  for (const params of ["", "{", "null", "[]", "7", '{"params":3}', '{"params":{"temperature":"hot"}}']) {
    for (const topK of ["", "abc", "1e9", "2.5", "-1", "51"]) {
      const storage = memory({ "llmDemo.params": params, "llmDemo.topK": topK });
      const { params: read, topK: count } = loadSettings(storage);
      assert.deepEqual([read, count], [FIRST_SETTINGS.params, 10], `${params} ${topK}`);
    }
  }
  const { params } = loadSettings(memory({ "llmDemo.params": '{"params":{"top_p":99}}' }));
  assert.equal(params.top_p, 1);
});

Deno.test("views are remembered, and which tab is open under the published keys", () => {
  const storage = memory();
  assert.deepEqual(loadDisplay(storage), FIRST_DISPLAY);
  const display = { ...FIRST_DISPLAY, heat: "entropy", expert: true, tab: "sampling", speedMs: 180 } as const;
  saveDisplay(storage, display);
  assert.deepEqual(loadDisplay(storage), display);
  assert.equal(storage.values.get("llmDemo.stepSpeedMs"), "180");
  assert.equal(storage.values.get("llmDemo.decodingCollapsed"), "false");
  assert.equal(storage.values.get("llmDemo.attrCollapsed"), "true");
  saveDisplay(storage, { ...display, speedMs: 0 });
  assert.equal(loadDisplay(storage).speedMs, 0);
  assert.equal(storage.values.get("llmDemo.stepSpeedMs"), "180", "a speed that others understand");
  assert.equal(loadDisplay(memory({ "llmDemo.stepSpeedMs": "5" })).speedMs, FIRST_DISPLAY.speedMs);
});

Deno.test("storage that is forbidden or full stops nothing", () => {
  const broken = {
    getItem: () => {
      throw new Error("forbidden");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  for (const storage of [broken, null]) {
    saveSettings(storage, COLD);
    saveDisplay(storage, FIRST_DISPLAY);
    saveTheme(storage, "dark");
    saveSingleKeys(storage, false);
    assert.deepEqual(loadSettings(storage), FIRST_SETTINGS);
    assert.deepEqual(loadDisplay(storage), FIRST_DISPLAY);
    assert.equal(loadEnabled(storage), true);
    assert.equal(loadTheme(storage), null);
    assert.equal(loadSingleKeys(storage), true);
  }
});

Deno.test("theme and single keys", () => {
  const storage = memory({ "llmDemo.theme": "purple" });
  assert.equal(loadTheme(storage), null);
  saveTheme(storage, "dark");
  assert.equal(loadTheme(storage), "dark");
  assert.equal(loadSingleKeys(storage), true);
  saveSingleKeys(storage, false);
  assert.equal(loadSingleKeys(storage), false);
});
