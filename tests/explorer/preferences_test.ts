import assert from "node:assert/strict";
import {
  DEFAULT_SETTINGS,
  loadSettings,
  loadSingleKeys,
  loadTheme,
  saveSettings,
  saveSingleKeys,
  saveTheme,
} from "../../lib/explorer/preferences.ts";

function memory(content: Record<string, string> = {}) {
  const values = new Map(Object.entries(content));
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

Deno.test("settings are remembered under the published keys", () => {
  const storage = memory();
  assert.deepEqual(loadSettings(storage), DEFAULT_SETTINGS);
  saveSettings(storage, { temperature: 1.2, topK: 25 });
  assert.equal(storage.values.get("llmDemo.topK"), "25");
  const stored = JSON.parse(storage.values.get("llmDemo.params")!);
  assert.equal(stored.params.temperature, 1.2);
  assert.equal(stored.preset, "custom");
  assert.deepEqual(loadSettings(storage), { temperature: 1.2, topK: 25 });
});

Deno.test("other parameters in the same place stay", () => {
  const storage = memory({
    "llmDemo.params": JSON.stringify({ params: { top_p: 0.8, seed: 7 }, preset: "balanced" }),
  });
  saveSettings(storage, { temperature: 0.5, topK: 10 });
  const { params } = JSON.parse(storage.values.get("llmDemo.params")!);
  assert.deepEqual(params, { top_p: 0.8, seed: 7, temperature: 0.5 });
});

Deno.test("what is not ours or out of range counts as not there", () => {
  for (
    const params of [
      "",
      "{",
      "null",
      "[]",
      "7",
      '{"params":3}',
      '{"params":{"temperature":"hot"}}',
      '{"params":{"temperature":99}}',
    ]
  ) {
    for (const topK of ["", "abc", "1e9", "2.5", "-1", "51"]) {
      const storage = memory({ "llmDemo.params": params, "llmDemo.topK": topK });
      assert.deepEqual(loadSettings(storage), DEFAULT_SETTINGS, `${params} ${topK}`);
    }
  }
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
    saveSettings(storage, { temperature: 1, topK: 5 });
    saveTheme(storage, "dark");
    saveSingleKeys(storage, false);
    assert.deepEqual(loadSettings(storage), DEFAULT_SETTINGS);
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
