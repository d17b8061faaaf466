// What the OpenAPI document says of how many completions one request asks for, held against what is really refused.
import assert from "node:assert/strict";
import { llamaRequest } from "../../../lib/api/llamacpp/completion_request.ts";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { ajvJudge } from "../../constraints/schema/ajv_judge.ts";
import { fakeStatus } from "../../fakes.ts";
import { fakeApp } from "../../routes/fake_app.ts";
import { refusal } from "../../routes/openai_support.ts";

const stated = ajvJudge({ allOf: llamaRequest.meta()!.allOf });

Deno.test("prompts, counted as the next power of two, × n is at most 128, by the document as by the server", async () => {
  const app = fakeApp({ status: fakeStatus.ready() });
  app.engine.hold();
  const products = [1, 2, 3, 5, 11, 12, 25, 26, 42, 43, 64, 65, 127, 128].flatMap((prompts) => {
    const most = 128 / 2 ** Math.ceil(Math.log2(prompts));
    return [[prompts, most, true], [prompts, most + 1, false]] as const;
  });
  const cases: readonly (readonly [prompt: unknown, n: number | null | undefined, fits: boolean])[] = [
    ...products.filter(([, n]) => n <= 128).map(([prompts, n, fits]) =>
      [Array(prompts).fill("a"), n, fits] as const
    ),
    [Array(128).fill("a"), undefined, true],
    [Array(128).fill([5, "a"]), null, true],
    ["a", 128, true],
    [[5, ...Array(200).fill("a")], 128, true],
    [{ prompt_string: "a" }, 128, true],
  ];
  for (const [prompt, n, fits] of cases) {
    const sent = { prompt, n, n_predict: 0 };
    const name = `${Array.isArray(prompt) ? prompt.length : 1} × ${n}`;
    assert.equal(stated(JSON.parse(JSON.stringify(sent))), fits, `${name} by the document`);
    assert.equal(await isRefused(app, sent), !fits, `${name} by the server`);
  }
});

Deno.test("a prompt's parts are texts and ids, and of more prompts than are answered none is read", async () => {
  const parse = (prompt: unknown) => parseRequest(llamaRequest, { prompt }).prompt;
  assert.deepEqual(parse(["a\ud83d", 5, -0]), ["a\ufffd", 5, 0]);
  assert.deepEqual(parse([["a", 1], { prompt_string: "b" }]), [["a", 1], "b"]);
  for (const wrong of [["a", -1], [1.5], [5, null], [5, [1]]]) {
    assert.throws(() => parse(wrong), /^Error: prompt must be/, JSON.stringify(wrong));
  }
  const app = fakeApp({ status: fakeStatus.ready() });
  const texts = (count: number) => [1, ...Array(count).fill("a")];
  for (
    const prompt of [Array(129).fill("a"), Array(129).fill(["a"]), texts(4097), [texts(2048), texts(2049)]]
  ) {
    const refused = await refusal("/completion", { prompt }, 400, app);
    assert.deepEqual([refused.param, app.engine.jobs.length], ["prompt", 0]);
  }
});

/** A request that is not refused waits for the engine, which is held. */
async function isRefused(app: ReturnType<typeof fakeApp>, body: unknown): Promise<boolean> {
  const jobs = app.engine.jobs.length;
  const answer = app.post("/completion", body);
  return await Promise.race([
    answer.then(({ status }) => status === 400),
    app.engine.submitted(jobs + 1).then(() => false),
  ]);
}
