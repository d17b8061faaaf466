import assert from "node:assert/strict";
import {
  type DistOptions,
  distView,
  keyIdsOf,
  orderTokens,
  reasonOf,
  scaleOf,
} from "../../../lib/explorer/views/dist_rows.ts";
import { drawView, fits, segmentsOf } from "../../../lib/explorer/views/draw_view.ts";
import { sampleDist, VOCABULARY } from "../../gallery/samples.ts";

const options = { vocabulary: VOCABULARY };

Deno.test("kept tokens by final probability, then removed ones by raw probability, then the rest", () => {
  const dist = sampleDist({ params: { top_p: 0.6, logit_bias: { 0: -3 } }, topK: 20 });
  const { rows, other } = distView(dist, options);
  const at = rows.findIndex(({ kept }) => !kept);
  assert.ok(at > 0);
  assert.ok(rows.slice(at).every(({ kept, rank, final }) => !kept && rank === "–" && final === "0"));
  assert.deepEqual(
    rows.slice(0, at).map(({ rank }) => rank),
    Array.from({ length: at }, (_, n) => String(n + 1)),
  );
  const { kept, removed } = orderTokens(dist);
  assert.ok(kept.every((token, n) => n === 0 || token.p_final <= kept[n - 1]!.p_final));
  assert.ok(removed.every((token, n) => n === 0 || token.p_raw <= removed[n - 1]!.p_raw));
  assert.equal(other.label, "Other (380 tokens)");
});

Deno.test("the keys append kept tokens only", () => {
  const dist = sampleDist({ params: { top_k: 3 } });
  assert.deepEqual(keyIdsOf(dist), orderTokens(dist).kept.map(({ id }) => id));
  assert.equal(keyIdsOf(dist).length, 3);
});

Deno.test("where no listed token is kept, the best kept ones come first and keep their keys", () => {
  const dist = sampleDist({ allowed: [50, 60, 70], topK: 3 });
  const { rows, other } = distView(dist, options);
  assert.deepEqual(rows.map(({ id, kept }) => [id, kept]), [
    ...[50, 60, 70].map((id) => [id, true]),
    ...dist.tokens.map(({ id }) => [id, false]),
  ]);
  assert.equal(other.final, "0");
  assert.deepEqual(keyIdsOf(dist), [50, 60, 70]);
});

Deno.test("the axis ends at 100 %, zoomed where the bars need it, and keeps its end where it is told to", () => {
  const flatter = sampleDist({ params: { temperature: 3 }, sharpness: 2 });
  const end = (more: Partial<DistOptions>) => distView(flatter, { ...options, ...more }).axis.at(-1)!.text;
  assert.equal(end({}), "100 %");
  assert.notEqual(end({ axis: "zoom" }), "100 %");
  assert.equal(end({ axis: "zoom", end: 0.05 }), "5 %");
  assert.ok(
    distView(flatter, { ...options, axis: "zoom", end: 0.05 }).rows.every(({ length }) => length <= 1),
  );
});

Deno.test("a bar that has changed shows how long it was, in the axis of now", () => {
  const dist = sampleDist();
  const [first, second] = dist.tokens;
  const before = new Map([[first!.id, 0.5], [second!.id, second!.p_final]]);
  const { rows } = distView(dist, { ...options, before });
  assert.equal(rows.find(({ id }) => id === first!.id)!.ghost, 0.5);
  assert.equal(rows.find(({ id }) => id === second!.id)!.ghost, null, "it has not changed");
  assert.ok(rows.slice(2).every(({ ghost }) => ghost === null));
});

Deno.test("the axis reaches the raw ticks only where they are shown, and always the removed tokens", () => {
  const flatter = sampleDist({ params: { temperature: 3 }, sharpness: 2 });
  const end = (expert: boolean) => distView(flatter, { ...options, axis: "zoom", expert }).axis.at(-1)!.text;
  assert.equal(end(true), "80 %");
  assert.notEqual(end(false), "80 %");
  const removed = distView(sampleDist({ allowed: [50, 60, 70, 80, 90, 100], topK: 3 }), options);
  assert.ok(removed.rows.every(({ length }) => length <= 1));
});

Deno.test("the log axis goes from 0.001 % to 100 %", () => {
  const scale = scaleOf("log", 1);
  assert.deepEqual([0, 1e-7, 1e-5, 1e-3, 1].map((p) => Math.round(scale(p) * 100)), [0, 0, 0, 40, 100]);
  assert.deepEqual(distView(sampleDist(), { ...options, axis: "log" }).axis.map(({ text }) => text), [
    ...["0.001", "0.1", "1", "10", "100 %"],
  ]);
});

Deno.test("reasons name the stage", () => {
  assert.equal(reasonOf("top_p", null), "cut by top-p");
  assert.equal(reasonOf("xtc", null), "cut by XTC");
  assert.equal(reasonOf("greedy", null), "greedy: only the first");
  assert.equal(reasonOf("constraint", "cfg"), "blocked by grammar");
  assert.equal(reasonOf(null, null), "given no probability");
});

Deno.test("marks: chosen and drawn", () => {
  const { rows } = distView(sampleDist(), { ...options, chosen: 2, drawn: 0 });
  assert.deepEqual(rows.filter(({ chosen }) => chosen).map(({ id }) => id), [2]);
  assert.deepEqual(rows.filter(({ drawn }) => drawn).map(({ id }) => id), [0]);
});

Deno.test("segments fill the strip in the order a draw looks its number up", () => {
  for (const params of [{}, { top_p: 0.6 }, { greedy: true }, { temperature: 2 }]) {
    const segments = segmentsOf(sampleDist({ params }));
    let end = 0;
    for (const { start, width } of segments) {
      assert.ok(Math.abs(start - end) < 0.001);
      end = start + width;
    }
    assert.ok(Math.abs(end - 1) < 0.001, JSON.stringify(params));
  }
  assert.equal(segmentsOf(sampleDist()).at(-1)!.id, null); // the rest
  assert.equal(segmentsOf(sampleDist({ params: { greedy: true } })).length, 1);
});

Deno.test("a label shows where it fits", () => {
  const [first] = segmentsOf(sampleDist());
  assert.ok(fits(first!, 400));
  assert.ok(!fits(first!, 60));
});

Deno.test("the note says what was drawn, and where it lies among the others", () => {
  const dist = sampleDist();
  const token = dist.tokens[0]!;
  const drawn = drawView(dist, { id: token.id, u: 0.25, token });
  assert.deepEqual([drawn.needle, drawn.hot], [0.25, token.id]);
  assert.deepEqual(drawn.note.kind === "drawn" && [drawn.note.u, drawn.note.more], ["0.250", ""]);
  const far = drawView(dist, { id: 399, u: 0.999, token: { ...token, display: "far" } });
  assert.equal(far.hot, null);
  assert.equal(far.note.kind === "drawn" && far.note.more, ", one of the others");
  assert.equal(drawView(dist, null).needle, null);
  assert.match(JSON.stringify(drawView(dist, null, true).note), /nothing is drawn/);
});

Deno.test("what an engine does not list is one row with its mass and a bound for each token", () => {
  const dist = sampleDist({ topK: 5 });
  const unlisted = { count: 380, p_raw: 0.2, most_p_raw: 0.01, most_other_p_raw: 0.034 };
  const { other } = distView({ ...dist, other_p_raw: 0.25, unlisted }, options);
  assert.equal(other.label, `${VOCABULARY - 5} others, 25.0 %, each ≤ 3.4 %`);
});
