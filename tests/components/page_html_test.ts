// What the server sends before any script runs: the real state, and nothing the content security policy blocks.
import assert from "node:assert/strict";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import Explorer from "../../islands/Explorer.tsx";
import { DistBars } from "../../components/sampling/DistBars.tsx";
import { distView } from "../../lib/explorer/views/dist_rows.ts";
import type { ModelStatus } from "../../lib/wire/models.ts";
import { dist } from "../explorer/builders.ts";
import { PROMPT, READY } from "../explorer/fake_api.ts";

const modelStatus = (changes: Partial<ModelStatus>): ModelStatus => ({ ...READY, ...changes });

const render = (changes: Partial<ModelStatus>) =>
  renderToString(h(Explorer, { status: modelStatus(changes), prompt: PROMPT }));

const progress = {
  phase: "downloading",
  file: "model.onnx",
  received: 50e6,
  total: 200e6,
  bytes_per_second: 1e6,
} as const;
const PAGES = {
  ready: render({}),
  loading: render({ ready: false, loading: true, progress }),
  failed: render({ ready: false, error: "tokenizer.json is missing. Put it next to the model." }),
};

Deno.test("the first paint shows the real state of the model", () => {
  assert.match(PAGES.ready, /three-hundred-tokens/);
  assert.match(PAGES.ready, />CPU</);
  assert.match(PAGES.loading, /50 MB of 200 MB/);
  assert.match(PAGES.loading, /<progress [^>]*value="0.25"/);
  assert.match(PAGES.failed, /tokenizer\.json is missing/);
  assert.doesNotMatch(PAGES.ready, /Write something, then Start/, "the first prompt is about to be read");
});

Deno.test("no inline style, no inline handler, no markup from text", () => {
  for (const [name, html] of Object.entries(PAGES)) {
    assert.doesNotMatch(html, /\sstyle=/, name);
    assert.doesNotMatch(html, /\son\w+=/, name);
    assert.doesNotMatch(html, /undefined|NaN|\[object/, name);
  }
  const hostile = render({ model_id: "a/<img src=x onerror=alert(1)>" });
  assert.doesNotMatch(hostile, /<img/);
});

Deno.test("bars have their length before any script runs, as an attribute", () => {
  const view = distView(dist(0.4, 0.3, 0.2), { vocabulary: 300 });
  const html = renderToString(
    h(DistBars, { view, serial: 1, expert: false, appendable: true, onAppend: () => {}, onLedger: () => {} }),
  );
  assert.doesNotMatch(html, /\sstyle=/);
  const first = view.rows[0]!;
  assert.ok(html.includes(`width="${(first.length * 100).toFixed(2)}%"`));
  assert.equal(html.match(/<button/g)?.length, 3);
  assert.match(html, /Other \(297 tokens\)/);
});
