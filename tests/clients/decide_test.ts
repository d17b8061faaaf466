// The decision endpoint over the bundled model: its probabilities are those of whole labels.
import assert from "node:assert/strict";
import { decideEndpoint } from "../../lib/api/openai/decide.ts";
import { withServedModel } from "./served.ts";

const QUESTIONS = {
  urgent: {
    type: "noul",
    instructions: "Does the customer want an answer today?",
    criteria: { true: "a day is named" },
  },
  team: {
    type: "choice",
    instructions: { task: "Which team owns this?" },
    criteria: { billing: "payments and refunds", "technical support": "errors", other: null },
  },
  anger: { type: "score", criteria: ["calm", "annoyed", "furious"] },
} as const;

Deno.test("a state and its questions: probabilities of whole labels, diagnostics, one sentence for what is wrong", async (t) => {
  await withServedModel(async (url) => {
    const post = (path: string, body: unknown) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const state = { subject: "Charged twice", body: "I was charged twice and need my money back today." };
    await t.step("answers by type, under the client's ids", async () => {
      const response = await post("/v1/systemone", { model: "jev-latest", state, questions: QUESTIONS });
      assert.equal(response.status, 200, await response.clone().text());
      const result = await response.json();
      decideEndpoint.schemas.DecideResult![0].parse(result);
      assert.deepEqual(Object.keys(result.answers), Object.keys(QUESTIONS));
      const { urgent, team, anger } = result.answers;
      assert.ok(urgent.noul > 0 && urgent.noul < 1);
      const sum = (shares: Record<string, number>) =>
        Object.values(shares).reduce((all, share) => all + share, 0);
      assert.ok(
        Math.abs(sum(team.probabilities) - 1) < 1e-9 && Math.abs(sum(anger.probabilities) - 1) < 1e-9,
      );
      const [best] = Object.entries<number>(team.probabilities).sort(([, a], [, b]) => b - a)[0]!;
      assert.equal(team.choice, best);
      assert.ok(Math.abs(team.confidence - (3 * team.probabilities[best] - 1) / 2) < 1e-9);
      assert.deepEqual(anger.legend, { 0: "calm", 1: "annoyed", 2: "furious" });
      assert.ok(Math.abs(anger.score - anger.probabilities[1] - 2 * anger.probabilities[2]) < 1e-9);
      for (const { label_mass } of Object.values<{ label_mass: number }>(result.diagnostics)) {
        assert.ok(label_mass > 0 && label_mass <= 1);
      }
      assert.ok(result.usage.input_tokens > 60 && result.usage.output_tokens === 0);
    });
    await t.step("the shares are those of POST /api/constraint/choices for the same text", async () => {
      const questions = {
        q: {
          type: "choice",
          instructions: "Paris is in",
          criteria: { France: null, "the United States": null },
        },
      };
      const { answers, diagnostics } = await (await post("/v1/systemone", { state: "A map.", questions }))
        .json();
      const prompt =
        "A map.\n\nParis is in\n\nFrance\nthe United States\n\nAnswer with one of these labels only.";
      const constraint = {
        enabled: true,
        type: "multiple_choice",
        schema: '["France", "the United States"]',
      };
      const { options } =
        await (await post("/api/constraint/choices", { prompt, system_prompt: "", constraint })).json();
      assert.deepEqual(
        Object.values(answers.q.probabilities),
        options.map(({ share }: { share: number }) => share),
      );
      const mass = options.reduce((all: number, { total }: { total: number }) => all + Math.exp(total), 0);
      assert.ok(Math.abs(diagnostics.q.label_mass - Math.min(1, mass)) < 1e-9);
    });
    await t.step("a label and an id that every object inherits are answered like others", async () => {
      const body = '{"state":"x","questions":{"__proto__":{"type":"choice","criteria":{"__proto__":null,' +
        '"constructor":"c"}}}}';
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/v1/systemone`, { method: "POST", headers, body });
      const { answers, diagnostics } = JSON.parse(await response.text());
      assert.deepEqual([Object.keys(answers), Object.keys(diagnostics)], [["__proto__"], ["__proto__"]]);
      const [answer] = Object.values<{ probabilities: object }>(answers);
      assert.deepEqual(Object.keys(answer!.probabilities), ["__proto__", "constructor"]);
    });
    await t.step("what is wrong is said with its field, in OpenAI's shape", async () => {
      const ask = async (body: unknown) => {
        const response = await post("/v1/systemone", body);
        return { status: response.status, ...(await response.json()).error };
      };
      const one = { type: "choice", criteria: { only: "one" } };
      assert.deepEqual(
        [
          (await ask({ state: "x", questions: { a: one } })).param,
          (await ask({ state: "x", questions: {} })).status,
        ],
        ["questions.a.criteria", 400],
      );
      const labels = (count: number, name: string) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, null]));
      const questionsOf = (count: number, each: number, name = "label ") =>
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [at, { type: "choice", criteria: labels(each, name) }]),
        );
      for (const questions of [questionsOf(60, 200), questionsOf(1, 40, "a".repeat(1000))]) {
        const { status, param, message } = await ask({ state: "x", questions });
        assert.deepEqual([status, param], [400, "questions"], message);
        assert.match(message, /1024 labels of 32768/);
      }
      const unknown = await ask({ state: "x", questions: { a: { type: "noul" } }, temperature: 1 });
      assert.ok(unknown.status === 400 && /temperature/.test(unknown.message), unknown.message);
    });
  });
});
