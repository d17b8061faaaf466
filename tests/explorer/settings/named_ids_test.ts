// Settings that name tokens by id belong to the tokenizer they were made for.
import assert from "node:assert/strict";
import { modelStatusOf } from "../../../lib/api/http/model_status.ts";
import { receiveStatus } from "../../../lib/explorer/moves/model_moves.ts";
import { changeSampling, resetHidden } from "../../../lib/explorer/moves/setting_moves.ts";
import { createSession, FIRST_SETTINGS } from "../../../lib/explorer/session/new_session.ts";
import { pin, pinnedIdsOf } from "../../../lib/explorer/session/pins.ts";
import type { Session, Settings } from "../../../lib/explorer/session/types.ts";
import { listHidden } from "../../../lib/explorer/settings/hidden.ts";
import { asideViews } from "../../../lib/explorer/settings/list_fields.ts";
import { asideOf, dropAside, nameIds, takeOver } from "../../../lib/explorer/settings/named_ids.ts";
import { changeField, choosePreset } from "../../../lib/explorer/settings/sampling.ts";
import { readShareLink, shareLink } from "../../../lib/explorer/share/link.ts";
import { checkSaved } from "../../../lib/explorer/storage/saved/check.ts";
import { restoreSession, saveSession } from "../../../lib/explorer/storage/saved/session.ts";
import { loadSettings, saveSettings } from "../../../lib/explorer/storage/stored_settings.ts";
import { openShared } from "../../../lib/explorer/teach/teaching_moves.ts";
import { fakeStatus } from "../../fakes.ts";
import { token } from "../builders.ts";
import { memory } from "../memory_storage.ts";

const served = (name: string) => ({
  ...modelStatusOf(fakeStatus.ready()),
  ...{ model_id: `owner/${name}`, model_key: `model ${name}`, tokenizer_key: name },
});
const A = { tokenizerKey: "A", id: "owner/A" };
const NAMED = { logit_bias: { 5: -2, 9: 3 }, dry_breakers: [13] };
const NOTHING = { logit_bias: {}, dry_breakers: [] };

function idsOf({ settings: { params: { logit_bias, dry_breakers } } }: Pick<Session, "settings">) {
  return { logit_bias, dry_breakers };
}

/** A page under model A with a bias and a breaker. */
function named(): Session {
  const session = createSession({ prompt: "", model: served("A") });
  const tokens = [token(5, " sea"), token(9, " ship"), token(13, "\n")];
  return changeSampling(session, nameIds(session.settings, NAMED, A, tokens));
}

Deno.test("another model's tokenizer does not get the ids of the one before, which are back with it", () => {
  const before = named();
  const under = receiveStatus(before, served("B"));
  assert.deepEqual(idsOf(under), NOTHING);
  assert.ok(listHidden(under.settings).some((said) => said.includes("without the tokens set for A")));
  assert.deepEqual(asideViews(under.settings).map(({ model, byText }) => [model, byText]), [
    ["A", true],
  ]);
  const own = changeSampling(
    under,
    nameIds(under.settings, { logit_bias: { 5: 1 } }, { tokenizerKey: "B", id: "owner/B" }),
  );
  const back = receiveStatus(own, served("A"));
  assert.deepEqual(idsOf(back), NAMED);
  assert.deepEqual(idsOf(receiveStatus(back, served("B"))), { ...NOTHING, logit_bias: { 5: 1 } });
});

Deno.test("a model with the same tokenizer keeps them", () => {
  const under = receiveStatus(named(), { ...served("A"), model_key: "another file" });
  assert.deepEqual(idsOf(under), NAMED);
  assert.deepEqual(asideOf(under.settings), []);
});

Deno.test("a link, a saved session and the browser's storage say whose ids they name", () => {
  const { settings } = named();
  const here = createSession({ prompt: "", model: served("B") });
  const link = readShareLink(
    new URL(shareLink("http://x/", { source: { kind: "text", text: "a" }, completion: null, settings })).hash,
  );
  assert.ok(link.kind === "shared");
  const saved = checkSaved(JSON.parse(JSON.stringify(saveSession(named(), new Date()))));
  const storage = memory();
  saveSettings(storage, settings);
  const opened = {
    link: openShared(here, link.shared),
    saved: restoreSession(here, saved),
    storage: createSession({ prompt: "", model: served("B"), settings: loadSettings(storage) }),
  };
  for (const [from, session] of Object.entries(opened)) {
    assert.deepEqual(idsOf(session), NOTHING, from);
    assert.equal(asideOf(session.settings).length, 1, from);
    assert.deepEqual(idsOf(receiveStatus(session, served("A"))), NAMED, from);
  }
  const again = memory();
  saveSettings(again, opened.link.settings);
  const reopened = createSession({ prompt: "", model: served("A"), settings: loadSettings(again) });
  assert.deepEqual(idsOf(reopened), NAMED, "what is set aside is stored too");
});

Deno.test("a tab that names tokens stores whose they are, and another tab's settings stay with theirs", () => {
  const storage = memory();
  const first = named().settings;
  saveSettings(storage, first);
  const other = createSession({ prompt: "", model: served("B"), settings: loadSettings(storage) }).settings;
  const warmer: Settings = { ...other, ...choosePreset(other, "creative") };
  saveSettings(storage, warmer, other); // says nothing of ids
  assert.deepEqual(idsOf({ settings: loadSettings(storage) }), NAMED);
  assert.equal(loadSettings(storage).ids?.tokenizerKey, "A");
  const own = nameIds(warmer, { logit_bias: { 7: 1 } }, { tokenizerKey: "B", id: "owner/B" });
  saveSettings(storage, own, warmer);
  const now = loadSettings(storage);
  assert.deepEqual(idsOf({ settings: now }), { ...NOTHING, logit_bias: { 7: 1 } });
  assert.deepEqual(now.aside?.map(({ tokenizerKey, params }) => [tokenizerKey, params]), [["A", NAMED]]);
});

Deno.test("what is set aside is taken over by its texts, or dropped", () => {
  const under = receiveStatus(named(), served("B")).settings;
  const [aside] = asideOf(under);
  const B = { tokenizerKey: "B", id: "owner/B" };
  const sea = token(70, " sea");
  const taken = takeOver(under, aside!, new Map([[5, sea]]), B);
  assert.deepEqual(taken.params.logit_bias, { 70: -2 });
  assert.deepEqual(asideOf(taken).map(({ params }) => params), [{
    logit_bias: { 9: 3 },
    dry_breakers: [13],
  }]);
  assert.deepEqual(asideOf(dropAside(under, aside!)), []);
  const back = receiveStatus(changeSampling(receiveStatus(named(), served("B")), taken), served("A"));
  assert.deepEqual(idsOf(back), NAMED, "the first model's are what they were");
});

Deno.test("ids that nobody says anything about are the present tokenizer's; a reset forgets all", () => {
  const settings = { ...FIRST_SETTINGS, ...changeField(FIRST_SETTINGS, NAMED) };
  const session = createSession({ prompt: "", model: served("A"), settings });
  assert.deepEqual(idsOf(session), NAMED);
  const under = receiveStatus(session, served("B"));
  assert.deepEqual(idsOf(under), NOTHING);
  assert.equal(asideViews(under.settings)[0]?.byText, false, "what they say is not known");
  assert.deepEqual(asideOf(resetHidden(under).settings), []);
});

Deno.test("a pin is a token of its own tokenizer", () => {
  const pinned = pin(createSession({ prompt: "", model: served("A") }), 5, true);
  assert.deepEqual(pinnedIdsOf(pinned), [5]);
  const under = receiveStatus(pinned, served("B"));
  assert.deepEqual(pinnedIdsOf(under), []);
  assert.deepEqual(pinnedIdsOf(pin(under, 5, true)), [5]);
  assert.deepEqual(pinnedIdsOf(receiveStatus(pin(under, 5, false), served("A"))), [5]);
});
