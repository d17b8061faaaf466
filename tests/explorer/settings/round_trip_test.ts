// Settings come back unchanged from wherever they were put: a link, the browser's storage, a saved session, the API.
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { previewRequest } from "../../../lib/api/endpoints/preview.ts";
import { createSession } from "../../../lib/explorer/session/new_session.ts";
import { createStep } from "../../../lib/explorer/session/tree.ts";
import type { Session, Settings } from "../../../lib/explorer/session/types.ts";
import { setSeed, shownPresetOf } from "../../../lib/explorer/settings/sampling.ts";
import { readShareLink, type Shared, shareLink } from "../../../lib/explorer/share/link.ts";
import { loadSettings, saveSettings } from "../../../lib/explorer/storage/stored_settings.ts";
import { checkSaved, readSavedFile } from "../../../lib/explorer/storage/saved/check.ts";
import { restoreSession, saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import { NEUTRAL_PARAMS } from "../../../lib/sampling/params.ts";
import {
  CONSTRAINT_TYPES,
  PROPERTY_ORDERS,
  WHITESPACE_POLICIES,
} from "../../../lib/sampling/constraint_kinds.ts";
import { anyParams } from "../../sampling/any_params.ts";
import { readRoot, record } from "../builders.ts";
import { READY } from "../fake_api.ts";
import { memory } from "../memory_storage.ts";

const anySettings: fc.Arbitrary<Settings> = fc.record({
  params: anyParams,
  topK: fc.integer({ min: 1, max: 50 }),
  constraint: fc.record({
    enabled: fc.boolean(),
    type: fc.constantFrom(...CONSTRAINT_TYPES),
    schema: fc.string({ unit: "binary" }),
    settings: fc.record({
      whitespace: fc.constantFrom(...WHITESPACE_POLICIES),
      property_order: fc.constantFrom(...PROPERTY_ORDERS),
    }, { noNullPrototype: true }),
  }, { noNullPrototype: true, requiredKeys: ["enabled", "type", "schema"] }),
}, { noNullPrototype: true }).map((settings) => ({ ...settings, preset: shownPresetOf(settings.params) }));

const forAny = (check: (settings: Settings) => void) => fc.assert(fc.property(anySettings, check));

const SHARED: Shared = { source: { kind: "text", text: "" }, completion: null, settings: null as never };

Deno.test("any settings come back unchanged through a share link", () => {
  forAny((settings) => {
    const read = readShareLink(new URL(shareLink("http://h/", { ...SHARED, settings })).hash);
    assert.equal(read.kind, "shared", read.kind === "broken" ? read.problem : "");
    if (read.kind === "shared") assert.deepEqual(read.shared.settings, settings);
  });
});

Deno.test("any settings come back unchanged from the browser's storage", () => {
  forAny((settings) => {
    const storage = memory();
    saveSettings(storage, settings);
    assert.deepEqual(loadSettings(storage), settings);
  });
});

Deno.test("any settings come back unchanged from a saved session, in the store and as a file", () => {
  forAny((settings) => {
    const session = withSettings(settings);
    const saved = saveSession(session, new Date(0));
    for (const read of [checkSaved(structuredClone(saved)), readSavedFile(JSON.stringify(saved))]) {
      const restored = restoreSession(createSession({ prompt: "", model: READY }), read);
      assert.deepEqual(restored.settings, settings);
      assert.deepEqual(restored.tree, session.tree, "the settings of its steps too");
    }
  });
});

Deno.test("any settings come back unchanged from the API, as the page sends them", () => {
  forAny(({ params, constraint, topK: top_k }) => {
    const input = parseRequest(previewRequest, JSON.parse(JSON.stringify({ params, constraint, top_k })));
    assert.deepEqual([input.params, input.constraint, input.top_k], [params, constraint, top_k]);
  });
});

/** A session whose settings, and those of its one step, are these. */
function withSettings(settings: Settings): Session {
  const session = createSession({ prompt: "", model: READY, settings });
  const tip = createStep(2, readRoot(1, 7), record(5, { params: settings.params }));
  return { ...session, nextId: 4, tree: { branches: [{ id: 3, name: "1", tip }], current: 3 } };
}

interface Old {
  readonly settings: Settings;
  readonly link: string;
  readonly stored: Record<string, string>;
  readonly saved: { settings: { params: Record<string, unknown> }; params: Record<string, unknown>[] };
}

/** What the page wrote before the table of parameters was made; parameters that were added since are off. */
async function readOld(): Promise<Old> {
  const file = new URL("../../fixtures/explorer/settings_v1.json", import.meta.url);
  const { settings, ...old } = JSON.parse(await Deno.readTextFile(file));
  return { ...old, settings: { ...settings, params: { ...NEUTRAL_PARAMS, ...settings.params } } };
}

Deno.test("links, storage and sessions of before the table still open", async () => {
  const { settings, link, stored, saved } = await readOld();
  const read = readShareLink(link);
  assert.deepEqual(read.kind === "shared" ? read.shared.settings : read, settings);
  const { params, topK } = loadSettings(memory(stored));
  assert.deepEqual([params, topK], [settings.params, settings.topK]);
  assert.deepEqual(checkSaved(saved).settings, settings);
});

Deno.test("a session of before a parameter was there has it off", async () => {
  const { settings, saved } = await readOld();
  for (const params of [saved.settings.params, ...saved.params]) {
    for (const name of ["top_p", "dry_breakers", "seed", "stages"]) delete params[name];
  }
  const off = { ...settings.params, top_p: 1, dry_breakers: [], seed: null, stages: null };
  const read = checkSaved(saved);
  assert.deepEqual([read.settings.params, ...read.params], [off, off]);
});

Deno.test("a seed of -1 is none, as in llama.cpp, wherever it is read", async () => {
  const { saved, stored, settings } = await readOld();
  const params = { ...settings.params, seed: -1 };
  const link = shareLink("http://h/", { ...SHARED, settings: { ...settings, params } });
  const read = readShareLink(new URL(link).hash);
  assert.equal(read.kind === "shared" ? read.shared.settings.params.seed : read, null);
  const storage = memory({ ...stored, "llmDemo.params": JSON.stringify({ params, preset: "custom" }) });
  assert.equal(loadSettings(storage).params.seed, null);
  saved.settings.params.seed = -1;
  assert.equal(checkSaved(saved).settings.params.seed, null);
  assert.equal(parseRequest(previewRequest, { params }).params.seed, null);
  assert.equal(setSeed(settings, -1).params.seed, null);
});
