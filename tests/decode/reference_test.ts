// The bundled model through preview and step against PyTorch: distributions, prompt scores, chat ids, and a path that
// is replayed step by step. Passages are scored over HTTP (tests/clients).
import assert from "node:assert/strict";
import type { PreviewResult } from "../../lib/wire/preview.ts";
import type { StepResult } from "../../lib/wire/step.ts";
import { contextOf } from "../../lib/decode/context.ts";
import { DEFAULT_SYSTEM_PROMPT } from "../../lib/wire/system_prompt.ts";
import { uniformAt } from "../../lib/sampling/rng.ts";
import { runPreview, runStep } from "./jobs.ts";
import { openRealModel, type RealModel } from "./real_model.ts";

type Message = {
  readonly role: string;
  readonly content: string;
};
interface LogitsCase {
  readonly name: string;
  readonly text?: string;
  readonly messages?: readonly Message[];
  readonly add_generation_prompt?: boolean;
  readonly ids: readonly number[];
  readonly last: {
    readonly logsumexp: number;
    readonly entropy_bits: number;
    readonly top: readonly (readonly [id: number, logit: number])[];
  };
  readonly prompt_logprob: readonly (number | null)[];
  readonly prompt_rank: readonly (number | null)[];
  readonly position_entropy_bits: readonly number[];
}
interface ChatCase {
  readonly family: string;
  readonly messages: readonly Message[];
  readonly add_generation_prompt: boolean;
  readonly text?: string;
  readonly ids?: readonly number[];
}
interface Passage {
  readonly name: string;
  readonly text: string;
  readonly ids: readonly number[];
  readonly logprob: readonly (number | null)[];
}

async function casesOf<T>(name: string): Promise<readonly T[]> {
  const text = await Deno.readTextFile(new URL(`../fixtures/${name}.json`, import.meta.url));
  return (JSON.parse(text) as { cases: T[] }).cases;
}

/** The model's own distribution: no stage is on. */
const NEUTRAL = { temperature: 1, top_p: 1, repetition_penalty: 1 };
const MAX_DP = 1e-4;
const BITS_TOLERANCE = 5e-4;
const LOGPROB_TOLERANCE = 5e-4;
const REPLAYED = 32; // steps
/** Cases of several chunks: one of them is enough here, tests/worker has the other. */
const ELSEWHERE = "long_700";
const PASSAGE = "gettysburg"; // the shortest

function bodyOf({ text, messages, add_generation_prompt, ids }: LogitsCase) {
  if (messages !== undefined) return { messages, add_generation_prompt };
  return text === undefined ? { prompt_ids: ids } : { prompt: text, use_chat_template: false };
}

function checkDistribution({ dist }: PreviewResult, { name, last }: LogitsCase): void {
  for (const [id, logit] of last.top) {
    const p = Math.exp(logit - last.logsumexp);
    const shown = dist.tokens.find((token) => token.id === id);
    assert.ok(shown !== undefined || p < 2 * dist.tokens.at(-1)!.p_raw, `${name}: token ${id} is missing`);
    for (const value of shown ? [shown.p_raw, shown.p_base, shown.p_final] : []) {
      assert.ok(Math.abs(value - p) <= MAX_DP, `${name}: p of ${id}`);
    }
  }
  assert.ok(Math.abs(dist.entropy_bits! - last.entropy_bits) <= BITS_TOLERANCE, `${name}: entropy`);
}

function checkScores({ prompt_tokens }: PreviewResult, expected: LogitsCase): void {
  for (const [at, token] of prompt_tokens.entries()) {
    const [logprob, rank] = [expected.prompt_logprob[at]!, expected.prompt_rank[at]!];
    if (at === 0) {
      assert.deepEqual(
        [token.p, token.logprob, token.rank, token.surprisal_bits, token.entropy_bits],
        Array(5).fill(null),
      );
      continue;
    }
    const where = `${expected.name}, position ${at}`;
    assert.ok(
      Math.abs(token.logprob! - logprob) <= LOGPROB_TOLERANCE,
      `${where}: ${token.logprob} and ${logprob}`,
    );
    assert.ok(
      Math.abs(token.rank! - rank) <= Math.max(2, rank * 0.005),
      `${where}: rank ${token.rank} and ${rank}`,
    );
    const entropy = expected.position_entropy_bits[at - 1]!;
    assert.ok(Math.abs(token.entropy_bits! - entropy) <= BITS_TOLERANCE, `${where}: entropy`);
    assert.ok(Math.abs(token.surprisal_bits! + logprob / Math.LN2) <= LOGPROB_TOLERANCE * 2, where);
  }
}

/** How far `u` is from the edges of the probability that token `id` has in the order shown. */
function edgeDistance({ dist }: StepResult, id: number, u: number): number {
  let sum = 0;
  for (const token of dist.tokens) {
    const [from, to] = [sum, sum += token.p_final];
    if (token.id === id) return Math.min(Math.abs(u - from), Math.abs(u - to));
  }
  return Infinity;
}

async function checkReplay({ language, source }: RealModel): Promise<void> {
  const params = { temperature: 1.1, top_p: 0.95, seed: 2024, repetition_penalty: 1.1 };
  const body = { prompt: "Once upon a time", use_chat_template: false, params, top_k: 100 };
  const steps: StepResult[] = [];
  let path: readonly number[] = [];
  while (path.length < REPLAYED) {
    const step = await runStep(language, { ...body, completion_ids: path });
    steps.push(step);
    path = step.new_completion_ids;
  }
  assert.ok(new Set(path).size > REPLAYED / 3, "the path is no loop");
  const order = path.map((_, at) => at).sort((a, b) => uniformAt(5, a) - uniformAt(5, b));
  for (const [turn, at] of order.entries()) {
    if (turn % (REPLAYED / 4) === 0) source.clear();
    const again = await runStep(language, { ...body, completion_ids: path.slice(0, at) });
    const [first, second] = [steps[at]!.appended_meta[0]!, again.appended_meta[0]!];
    assert.equal(second.draw!.u, first.draw!.u);
    if (second.selected_id === first.selected_id) continue;
    const distance = edgeDistance(steps[at]!, first.selected_id, first.draw!.u);
    assert.ok(distance < 1e-4, `step ${at}: ${first.selected_id}, then ${second.selected_id}`);
  }
}

Deno.test("the bundled model through preview and step equals the reference", async (t) => {
  const model = await openRealModel();
  const { language, source } = model;
  for (const expected of (await casesOf<LogitsCase>("logits")).filter(({ name }) => name !== ELSEWHERE)) {
    await t.step(expected.name, async () => {
      source.clear();
      const body = { ...bodyOf(expected), params: NEUTRAL, top_k: 50 };
      const result = await runPreview(language, { ...body, include: ["prompt_scores"] });
      assert.deepEqual(result.prompt_tokens.map(({ id }) => id), expected.ids);
      checkDistribution(result, expected);
      checkScores(result, expected);
    });
  }
  const passages = (await casesOf<Passage>("perplexity")).filter(({ name }) => name === PASSAGE);
  assert.equal(passages.length, 1);
  for (const { text, ids, logprob } of passages) {
    await t.step(`forced words of ${PASSAGE}, which are read together`, async () => {
      source.clear();
      const [first, begin] = [language.codec.decode(ids.slice(0, 1)), text.slice(0, text.indexOf(" ", 250))];
      const body = { prompt_ids: ids.slice(0, 1), force_text: begin.slice(first.length), params: NEUTRAL };
      const { appended_meta, new_completion_ids, timing } = await runStep(language, body);
      assert.deepEqual(new_completion_ids, ids.slice(1, 1 + appended_meta.length));
      assert.ok(appended_meta.length > 40 && timing.computed_tokens === appended_meta.length);
      for (const [at, { p_raw }] of appended_meta.entries()) {
        assert.ok(Math.abs(Math.log(p_raw!) - logprob[at + 1]!) <= 1e-3, `position ${at + 1}`);
      }
    });
  }
  const chats = (await casesOf<ChatCase>("chat")).filter(({ family, ids }) =>
    family === "smollm2" && ids !== undefined
  );
  await t.step(`${chats.length} chats give the reference's ids`, async () => {
    assert.ok(chats.length > 20);
    for (const { messages, add_generation_prompt, text, ids } of chats) {
      const source = {
        prompt: "",
        system_prompt: DEFAULT_SYSTEM_PROMPT,
        use_chat_template: null,
        tools: null,
        documents: null,
        chat_template_kwargs: {},
        prompt_ids: null,
      };
      const rest = { messages, add_generation_prompt, continue_final_message: false, completion_ids: [] };
      const context = await contextOf({ ...source, ...rest }, language, new AbortController().signal);
      assert.equal(context.templateText, text);
      assert.deepEqual(context.ids, ids);
    }
  });
  await t.step(`${REPLAYED} sampled steps replay in any order from empty caches`, () => checkReplay(model));
  await model.close();
});
