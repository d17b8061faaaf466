import assert from "node:assert/strict";
import { fail, lostServer, receive, statusChanged } from "../../lib/explorer/lifecycle.ts";
import { modelView } from "../../lib/explorer/model_view.ts";
import * as moves from "../../lib/explorer/session.ts";
import { viewOf } from "../../lib/explorer/view.ts";
import { answerTo, modelStatus, opened, PROMPT, settle, started } from "./fixtures.ts";

Deno.test("one button is primary: Start when the prompt changed, else Greedy", () => {
  const clean = viewOf(started());
  assert.deepEqual([clean.prompt.primary, clean.run.primary], [false, true]);
  const dirty = viewOf(moves.editDraft(started(), "Other"));
  assert.deepEqual([dirty.prompt.primary, dirty.run.primary], [true, false]);
  assert.equal(dirty.run.greedy, true, "the current text can still grow");
});

Deno.test("the counter tells prompt and new tokens apart", () => {
  assert.equal(viewOf(started()).text.counter, "5 tokens");
  assert.equal(viewOf(moves.append(started(), 0)).text.counter, "5 prompt + 1 new");
  assert.equal(viewOf(opened("")).text.counter, "0 tokens");
});

Deno.test("a prompt that is not read yet is shown as it is, without a count", () => {
  const { text } = viewOf(moves.start(moves.editDraft(started(), "The cat")));
  assert.equal(text.plain, "The cat");
  assert.deepEqual(text.tokens, []);
  assert.equal(text.counter, "");
  assert.equal(text.note, "Reading the prompt…");
});

Deno.test("bars: rank, length on the axis, and Other beyond it", () => {
  const session = started();
  const result = session.answer!.result;
  const candidates = result.candidates.map((candidate, at) => ({ ...candidate, prob: 0.08 / (at + 1) }));
  const answer = { ...session.answer!, result: { ...result, candidates, other_prob: 0.6 } };
  const { rows, axis, other } = viewOf({ ...session, answer }).distribution!;
  assert.deepEqual(axis, ["0", "5", "10 %"]);
  assert.deepEqual(rows.slice(0, 2).map(({ rank, percent, length }) => [rank, percent, length.toFixed(3)]), [
    [1, "8.0", "0.800"],
    [2, "4.0", "0.400"],
  ]);
  assert.equal(other.label, "Other (290 tokens)");
  assert.deepEqual([other.length, other.beyond, other.percent], [1, true, "60.0"]);
});

Deno.test("what is rounded to nothing is small, not impossible; probability 0 is 0", () => {
  const session = started();
  const result = session.answer!.result;
  const [first, second, third] = result.candidates;
  const candidates = [first!, { ...second!, prob: 0, logprob: -20 }, { ...third!, prob: 0, logprob: null }];
  const { rows } = viewOf({ ...session, answer: { ...session.answer!, result: { ...result, candidates } } })
    .distribution!;
  assert.equal(rows[1]?.percent, "<.001");
  assert.deepEqual([rows[2]?.percent, rows[2]?.logprob], ["0", "−∞"]);
});

Deno.test("bars of an older text or setting are stale and cannot be appended", () => {
  for (const session of [moves.append(started(), 0), moves.changeSettings(started(), { topK: 3 })]) {
    const { distribution } = viewOf(session);
    assert.deepEqual([distribution?.stale, distribution?.appendable], [true, false]);
  }
  assert.deepEqual(viewOf(started()).distribution?.stale, false);
});

Deno.test("covers: no server before no model, no model before no answer, no answer before no text", () => {
  const asked = moves.append(started(), 0);
  const failure = { kind: "trouble", message: "It broke.", detail: "POST: 500" } as const;
  const failed = fail(asked, asked.pending!.number, failure);
  const title = (session: typeof failed) => {
    const { cover } = viewOf(session);
    return cover === null || cover.kind === "waiting" ? cover?.kind ?? null : cover.title;
  };
  const gone = { ...failed, model: modelStatus({ ready: false, error: "Broken file." }) };
  assert.equal(title(lostServer(gone)), "The server does not answer");
  assert.equal(title(gone), "The model could not be loaded");
  assert.equal(title(failed), "No answer for this text");
  assert.equal(title(moves.start(moves.editDraft(started(), ""))), "Write something, then Start");
  assert.equal(title(opened(PROMPT)), "waiting");
  assert.equal(title(started()), null);
  const loading = statusChanged(
    opened(),
    modelStatus({ ready: false, loading: true, model_id: "a/Some-Model" }),
  );
  assert.equal(title(loading), "Loading Some-Model");
});

Deno.test("a refusal is not offered to be tried again", () => {
  const asked = moves.append(started(), 0);
  const actions = (kind: "refused" | "trouble") => {
    const { cover } = viewOf(fail(asked, asked.pending!.number, { kind, message: "No.", detail: "" }));
    return cover?.kind === "failed" ? cover.actions : [];
  };
  assert.deepEqual(actions("refused"), ["edit", "copy"]);
  assert.deepEqual(actions("trouble"), ["retry", "copy"]);
});

Deno.test("loading: the phase in words, bytes and time where they are known", () => {
  const progress = { phase: "downloading", file: "model.onnx", received: 50e6, total: 200e6 } as const;
  const cover = (status: Parameters<typeof modelStatus>[0]) =>
    viewOf(opened(PROMPT, modelStatus({ ready: false, loading: true, device: null, ...status }))).cover;
  const download = cover({ progress: { ...progress, bytes_per_second: 10e6 } });
  assert.ok(download?.kind === "loading");
  assert.equal(download.amount, "50 MB of 200 MB · 10 MB/s · 15 s left");
  assert.equal(download.progress, 0.25);
  assert.deepEqual(download.steps.map((step) => step.state), ["done", "now", "next"]);
  const opening = cover({
    progress: { phase: "opening", file: null, received: 0, total: 0, bytes_per_second: 0 },
  });
  assert.ok(opening?.kind === "loading");
  assert.deepEqual([opening.amount, opening.progress], ["", null]);
  assert.deepEqual(opening.steps.map((step) => step.label), [
    "Read config and tokenizer",
    "Open the ONNX session",
  ]);
});

Deno.test("a warning of the server is shown, unless the page says the same with a remedy", () => {
  const warned = (draft: string) => {
    const asked = moves.start(moves.editDraft(started(), draft));
    const result = { ...answerTo(asked.pending!), warning: "Something to know." };
    return viewOf(receive(asked, asked.pending!.number, result)).text.banner;
  };
  assert.equal(warned("The cat")?.text, "Something to know.");
  assert.equal(warned("The cat "), null);
});

Deno.test("the last token can be deleted when there is one", () => {
  assert.equal(viewOf(started()).text.canRemove, false);
  const one = settle(moves.append(started(), 0));
  assert.equal(viewOf(one).text.canRemove, true);
  assert.equal(viewOf(moves.removeLast(one)).text.canRemove, false);
});

Deno.test("the top bar: short name, device, what went wrong", () => {
  const view = modelView(modelStatus({ model_id: "/models/my-finetune/", device: "cuda", warning: "Look." }));
  assert.deepEqual([view.state, view.name, view.device, view.notice], [
    "ready",
    "my-finetune",
    "CUDA",
    "Look.",
  ]);
  assert.equal(modelView(modelStatus({ ready: false, error: "x" })).state, "failed");
  assert.equal(modelView(modelStatus({ ready: false, loading: true, device: null })).device, "");
});
