import assert from "node:assert/strict";
import fc from "fast-check";
import { readShareLink, type Shared, shareLink } from "../../../lib/explorer/share/link.ts";
import { DEFAULT_PARAMS } from "../../../lib/sampling/params.ts";

const SHARED: Shared = {
  source: { kind: "text", text: "The sea is" },
  completion: { modelId: "owner/model", tokenizerKey: "tok", promptIds: [1, 2], ids: [3], text: " blue" },
  settings: {
    params: { ...DEFAULT_PARAMS, temperature: 1.2, logit_bias: { 5: -2 }, stages: ["temperature", "top_p"] },
    preset: "custom",
    topK: 12,
    constraint: { enabled: true, type: "regex", schema: "[a-z]+" },
  },
};

/** The fragment of a link whose data were changed. */
function changed(change: (data: Record<string, unknown>) => void): string {
  const data = JSON.parse(atob(shareLink("", SHARED).slice("#share=".length)));
  change(data);
  return `#share=${btoa(JSON.stringify(data)).replace(/=+$/, "")}`;
}

Deno.test("what a link carries comes back whole", () => {
  const link = shareLink("http://127.0.0.1:8000/?x=1#old", SHARED);
  assert.match(link, /^http:\/\/127\.0\.0\.1:8000\/\?x=1#share=[\w-]+$/);
  assert.deepEqual(readShareLink(new URL(link).hash), { kind: "shared", shared: SHARED });
});

Deno.test("any text and chat survives the way through an address", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, open) => {
    const messages = [{ role: "user", content: text }];
    for (const source of [{ kind: "text", text }, { kind: "chat", messages, open }] as const) {
      const link = shareLink("http://h/", { ...SHARED, source, completion: null });
      const read = readShareLink(new URL(link).hash);
      assert.equal(read.kind, "shared");
      if (read.kind === "shared") assert.deepEqual(read.shared.source, source);
    }
  }));
});

Deno.test("other fragments are left alone", () => {
  assert.deepEqual(readShareLink(""), { kind: "none" });
  assert.deepEqual(readShareLink("#candidates"), { kind: "none" });
});

Deno.test("a cut or changed link is refused with the reason", () => {
  const problemOf = (fragment: string) => {
    const read = readShareLink(fragment);
    return read.kind === "broken" ? read.problem : read.kind;
  };
  const { hash } = new URL(shareLink("http://h/", SHARED));
  assert.match(problemOf(hash.slice(0, -7)), /cut or changed/);
  assert.match(problemOf("#share=<script>"), /cut or changed/);
  assert.match(problemOf(changed((data) => data.v = 2)), /another version/);
  assert.match(problemOf(changed((data) => data.source = { kind: "text", text: 5 })), /text cannot be read/);
  assert.match(problemOf(changed((data) => data.completion = { ids: [-1] })), /tokens cannot be read/);
  assert.match(problemOf(changed((data) => data.topK = 51)), /number of candidates/);
  assert.match(problemOf(changed((data) => data.params = { temperature: "hot" })), /setting temperature/);
  assert.match(problemOf(changed((data) => data.params = { stages: ["nonsense"] })), /setting stages/);
  assert.match(problemOf(changed((data) => data.params = { logit_bias: { x: 1 } })), /setting logit_bias/);
  assert.match(
    problemOf(changed((data) => data.constraint = { enabled: true, type: "magic", schema: "" })),
    /constraint/,
  );
});

Deno.test("settings that this page does not know change nothing", () => {
  const read = readShareLink(changed((data) => data.params = { temperature: 0.5, from_the_future: 1 }));
  assert.equal(read.kind, "shared");
  if (read.kind === "shared") {
    assert.deepEqual(read.shared.settings.params, { ...DEFAULT_PARAMS, temperature: 0.5 });
  }
});
