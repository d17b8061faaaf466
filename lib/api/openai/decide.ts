// POST /v1/systemone: typed questions about a state, answered by probabilities, in the shape that vLLM, SGLang and
// llama.cpp agreed on. They look at a label's first token; here every label is scored as a whole.
import type { Context } from "fresh";
import { z } from "zod";
import type { State } from "../../define.ts";
import type { SubmitOptions } from "../../engine/types.ts";
import { NEUTRAL_PARAMS } from "../../sampling/params.ts";
import type { ChoicesResult } from "../../wire/choices.ts";
import type { PreviewInput } from "../../wire/preview.ts";
import { optionsOf, promptInput } from "../completions/request.ts";
import { readJson } from "../http/body.ts";
import { apiFault } from "../http/errors.ts";
import { parseRequest } from "../http/parse.ts";
import { recordOf } from "../schemas/record.ts";
import { openAiEndpoint } from "./operation.ts";

const MOST_QUESTIONS = 64;
/** Labels of all questions of one request, and UTF-16 units of their texts: each label takes a run or two of the model,
 * half a minute in all with the bundled one. */
const MOST_LABELS = 1024;
const MOST_LABEL_UNITS = 2 ** 15;

/** What may be a text, or JSON that the model reads as one. */
const readable = z.union([z.string(), recordOf(z.unknown()), z.array(z.unknown())]);
const instructions = readable.default("");

const noul = z.strictObject({
  type: z.literal("noul"),
  instructions,
  criteria: z.strictObject({ true: readable.optional(), false: readable.optional() }).prefault({}).describe(
    "When yes is right, and when no.",
  ),
});
const choice = z.strictObject({
  type: z.literal("choice"),
  instructions,
  criteria: recordOf(readable.nullable(), 1).meta({ minProperties: 2, maxProperties: 255 })
    .describe(
      "2 to 255 labels, each with its description.",
    ),
});
const score = z.strictObject({
  type: z.literal("score"),
  instructions,
  criteria: z.array(readable).min(2).max(10).describe("The levels, the least first."),
});

const decideRequest = z.strictObject({
  model: z.string().default("").describe("Accepted; the answer names the model that gave it."),
  state: readable.describe("What the questions are about."),
  questions: recordOf(z.discriminatedUnion("type", [noul, choice, score]))
    .meta({ minProperties: 1, maxProperties: MOST_QUESTIONS })
    .describe(`All together have at most ${MOST_LABELS} labels, of ${MOST_LABEL_UNITS} characters.`),
});
type Request = z.output<typeof decideRequest>;
type Question = Request["questions"][string];

const share = z.number().min(0).max(1 + 1e-9);
const shares = z.record(z.string(), share);
const confidence = share.describe("(n · largest − 1) / (n − 1) of n probabilities.");
const decideAnswer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("noul"), noul: share.describe("The probability of yes, of yes and no.") }),
  z.object({ type: z.literal("choice"), choice: z.string(), probabilities: shares, confidence }),
  z.object({
    type: z.literal("score"),
    score: z.number().min(0).max(9).describe("The mean level, counted from 0."),
    ...{ legend: z.record(z.string(), z.string()), probabilities: shares, confidence },
  }),
]);
const diagnostics = z.object({
  label_mass: share.describe("What the model gives to all labels together, as whole texts."),
  argmax_is_label: z.boolean().describe("The most probable next token begins a label."),
  greedy_trap: z.boolean().describe("Decoding step by step under a constraint would end at another label."),
  best_by_pmi: z.string().nullable().describe(
    "The label that the state and question speak for most, against none.",
  ),
});

const decideResult = z.object({
  model: z.string(),
  answers: z.record(z.string(), decideAnswer),
  diagnostics: z.record(z.string(), diagnostics),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int().describe("0: nothing is written.") }),
});

export const decideEndpoint = openAiEndpoint({
  path: "/v1/systemone",
  id: "decide",
  summary: "Typed questions about a state, answered by the probabilities of whole labels.",
  request: decideRequest,
  result: decideResult,
});

/** POST /v1/systemone: each question's labels scored as wholes. Throws invalid_request for too few or too many
 * questions, or too many labels: before the first is asked. */
export async function answerDecide(ctx: Context<State>): Promise<Response> {
  const request = parseRequest(decideRequest, await readJson(ctx.req));
  const questions = Object.entries(request.questions);
  if (questions.length === 0 || questions.length > MOST_QUESTIONS) {
    throw apiFault("invalid_request", `Ask 1 to ${MOST_QUESTIONS} questions.`, "questions");
  }
  const asked = questions.map(([id, question]) => ({ id, question, labels: labelsOf(question, id) }));
  checkLabels(asked.flatMap(({ labels }) => labels));
  const options = optionsOf(ctx);
  const found: (Asked & { readonly id: string; readonly answer: z.output<typeof decideAnswer> })[] = [];
  for (const { id, question, labels } of asked) {
    const asked = await ask(ctx.state, promptOf(request.state, question, labels), labels, options);
    found.push({ ...asked, id, answer: answerOf(question, labels, asked.scores) });
  }
  // No assignment by id: one may be "__proto__".
  return Response.json({
    model: found.at(-1)!.scores.model.model_id,
    answers: Object.fromEntries(found.map(({ id, answer }) => [id, answer])),
    diagnostics: Object.fromEntries(found.map(({ id, diagnostics }) => [id, diagnostics])),
    usage: { input_tokens: found.reduce((sum, { tokens }) => sum + tokens, 0), output_tokens: 0 },
  });
}

/** The texts that a question may be answered with. Throws invalid_request. */
function labelsOf(question: Question, id: string): readonly string[] {
  if (question.type === "noul") return ["yes", "no"];
  if (question.type === "score") return question.criteria.map((_, level) => String(level));
  const labels = Object.keys(question.criteria);
  if (labels.length >= 2 && labels.length <= 255) return labels;
  throw apiFault("invalid_request", "A choice has 2 to 255 labels.", `questions.${id}.criteria`);
}

function checkLabels(labels: readonly string[]): void {
  const units = labels.reduce((sum, { length }) => sum + length, 0);
  if (labels.length <= MOST_LABELS && units <= MOST_LABEL_UNITS) return;
  const message =
    `The questions have ${labels.length} labels of ${units} characters, and one request scores at most ` +
    `${MOST_LABELS} labels of ${MOST_LABEL_UNITS}. Ask in several requests.`;
  throw apiFault("invalid_request", message, "questions");
}

const asText = (value: unknown) => typeof value === "string" ? value : JSON.stringify(value);

/** The state comes first, so that all questions share what was read of it. */
function promptOf(state: unknown, question: Question, labels: readonly string[]): string {
  const described = question.type === "score"
    ? question.criteria
    : question.type === "choice"
    ? Object.values(question.criteria)
    : [question.criteria.true, question.criteria.false];
  const lines = labels.map((label, at) => described[at] ? `${label}: ${asText(described[at])}` : label);
  const parts = [
    asText(state),
    asText(question.instructions),
    lines.join("\n"),
    "Answer with one of these labels only.",
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

interface Asked {
  readonly scores: ChoicesResult;
  readonly diagnostics: z.output<typeof diagnostics>;
  readonly tokens: number;
}

async function ask(
  { engine }: State,
  prompt: string,
  labels: readonly string[],
  options: SubmitOptions,
): Promise<Asked> {
  const { model } = engine.status();
  const chat = model.state === "ready" && model.info.hasChatTemplate;
  // Without turns a label begins a word behind "Answer:".
  const texts = chat ? labels : labels.map((label) => ` ${label}`);
  const none = { enabled: false, type: "multiple_choice", schema: JSON.stringify(texts) } as const;
  const input: PreviewInput = {
    ...promptInput(chat ? prompt : `${prompt}\n\nAnswer:`, { texts: false, add_special_tokens: true }),
    ...{ use_chat_template: chat, add_generation_prompt: true, completion_ids: [] },
    ...{ top_k: 1, params: NEUTRAL_PARAMS, constraint: none, include: [] },
  };
  const { dist, context_token_count } = await engine.submit("preview", input, options);
  const scores = await engine.submit(
    "choices",
    { ...input, constraint: { ...none, enabled: true } },
    options,
  );
  const first = dist.tokens[0]!.id;
  return {
    scores,
    tokens: context_token_count,
    diagnostics: {
      label_mass: Math.min(1, scores.options.reduce((sum, { total }) => sum + Math.exp(total), 0)),
      argmax_is_label: scores.options.some(({ tokens }) => tokens[0]!.id === first),
      greedy_trap: scores.trap,
      best_by_pmi: scores.best.pmi === null ? null : labels[scores.best.pmi]!,
    },
  };
}

function answerOf(
  question: Question,
  labels: readonly string[],
  { options, best }: ChoicesResult,
): z.output<typeof decideAnswer> {
  const shares = options.map(({ share }) => share);
  if (question.type === "noul") return { type: "noul", noul: shares[0]! };
  const probabilities = Object.fromEntries(labels.map((label, at) => [label, shares[at]!]));
  const confidence = Math.max(0, (shares.length * Math.max(...shares) - 1) / (shares.length - 1));
  if (question.type === "choice") {
    return { type: "choice", choice: labels[best.total]!, probabilities, confidence };
  }
  const legend = Object.fromEntries(labels.map((label, at) => [label, asText(question.criteria[at])]));
  const score = shares.reduce((sum, share, level) => sum + share * level, 0);
  return { type: "score", score, legend, probabilities, confidence };
}
