// vLLM and other engines with OpenAI's /v1/completions: `logprobs` −1 lists the whole vocabulary where the engine
// allows it, else as many as it does; tokens are named by id where `return_tokens_as_token_ids` asks for it.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";
import { brokenAnswerError, checkSame, countIn, countOf, readList, readModels } from "./answers.ts";
import { refusalOf, type RemoteClient } from "./client.ts";
import { readPath } from "./openai_path.ts";
import { type NameReader, nameReader, readNames } from "./token_names.ts";
import type { EngineList, Opening, RemoteEngine } from "./types.ts";

/** Log-probabilities to ask for where an engine refuses all: vLLM's limit, then OpenAI's. */
const USUAL_LIMITS = [20, 5] as const;

/** Of the models that an engine lists, the one that is named, or the only one. Throws model_failed. */
export async function findServedModel(client: RemoteClient, named: string | null, signal: AbortSignal) {
  const served = readModels(await client.ask("/v1/models", signal));
  const found = served.find(({ id }) => id === named) ?? (served.length === 1 ? served[0] : undefined);
  if (found !== undefined && typeof found.id === "string") return { ...found, id: found.id };
  const ids = served.map(({ id }) => id).slice(0, 10).join(", ");
  const sentence = served.length === 0
    ? `The engine at ${client.url} lists no model under /v1/models.`
    : `The engine at ${client.url} serves ${ids}. Name one behind "#".`;
  throw fault("model_failed", sentence);
}

/** `named`: the model to ask for, where the engine serves several. */
export async function openOpenAi(
  client: RemoteClient,
  named: string | null,
  { signal, tokenizer }: Opening,
): Promise<RemoteEngine> {
  const found = await findServedModel(client, named, signal);
  const model = found.id;
  const codec = await tokenizer(named ?? model);
  const read = nameReader(codec);
  const { asked, list } = await findLimit(client, model, read, signal);
  const greatest = list.tokens.reduce((most, [id]) => Math.max(most, id), 0);
  const whole = asked < 0 && list.most === undefined && countOf(list.tokens, greatest + 1) === greatest + 1 &&
    greatest + 1 >= codec.size;
  const listed = whole ? null : asked < 0 ? list.tokens.length : asked;
  return {
    ...{ model, listed },
    vocabSize: Math.max(codec.size, greatest + 1),
    contextLength: countIn(found, "max_model_len") ?? 2048,
    after: async (ids, signal) => firstOf(await askList(client, model, read, ids, asked, signal), listed),
    path: listed === null ? null : async (ids, top, signal) => {
      const count = Math.min(Math.max(1, top), listed);
      const body = { ...bodyOf(model, ids, count), echo: true, prompt_logprobs: count };
      return readPath(await complete(client, model, body, signal), ids, count, read);
    },
    tokenize: (text, signal) => askTokens(client, model, text, signal),
  };
}

/** POST /tokenize in vLLM's form; null where the engine has none. */
export async function askTokens(client: RemoteClient, model: string, text: string, signal: AbortSignal) {
  const answer = await client.ask("/tokenize", signal, { model, prompt: text, add_special_tokens: false });
  return isRecord(answer) && Array.isArray(answer.tokens) ? answer.tokens.map(Number) : null;
}

/** How many log-probabilities the engine gives: all (−1), what its refusal names, or what is usual. Throws the last
 * refusal. */
async function findLimit(client: RemoteClient, model: string, read: NameReader, signal: AbortSignal) {
  const tried: number[] = [];
  const next: number[] = [-1, ...USUAL_LIMITS];
  let refusal: unknown = null;
  for (let asked = next.shift(); asked !== undefined; asked = next.shift()) {
    if (tried.includes(asked)) continue;
    tried.push(asked);
    try {
      const list = await askList(client, model, read, [0], asked, signal);
      if (list.tokens.length > 0) return { asked, list };
    } catch (error) {
      const words = refusalOf(error);
      if (words === null) throw error;
      refusal = error;
      const hint = Number(/(?:max|at most|less than)\D{0,40}?(\d+)/i.exec(words)?.[1] ?? 0);
      if (hint > 0) next.unshift(hint);
    }
  }
  throw refusal ?? brokenAnswerError("no log-probabilities");
}

function bodyOf(model: string, ids: readonly number[], logprobs: number) {
  return {
    ...{ model, prompt: ids, max_tokens: 1, temperature: 1, logprobs },
    return_tokens_as_token_ids: true,
  };
}

/** An answer of /v1/completions with at least one choice. Throws model_changed where it is not the model's. */
async function complete(client: RemoteClient, model: string, body: unknown, signal: AbortSignal) {
  const answer = await client.ask("/v1/completions", signal, body);
  if (answer === null) { // 404: its model, as these engines answer, or the path
    const sentence =
      `The engine at ${client.url} does not serve ${model} any more, or has no /v1/completions. Load it anew.`;
    throw fault("model_changed", sentence, "model_key");
  }
  if (readList(answer, "choices").length === 0) throw brokenAnswerError("no choices");
  checkSame((answer as Record<string, unknown>).model, model);
  return answer;
}

async function askList(
  client: RemoteClient,
  model: string,
  read: NameReader,
  ids: readonly number[],
  count: number,
  signal: AbortSignal,
): Promise<EngineList> {
  const [choice] = readList(await complete(client, model, bodyOf(model, ids, count), signal), "choices");
  const [tops] = readList(isRecord(choice) ? choice.logprobs : null, "top_logprobs");
  if (!isRecord(tops)) throw brokenAnswerError("no log-probabilities");
  return readNames(tops, read);
}

/** The `count` most probable ones: engines add the token that they drew, wherever it stands. */
function firstOf({ tokens, ...rest }: EngineList, count: number | null): EngineList {
  if (count === null || tokens.length <= count) return { ...rest, tokens };
  return { ...rest, tokens: tokens.toSorted(([, a], [, b]) => b - a).slice(0, count) };
}
