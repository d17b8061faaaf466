// vLLM, SGLang and other engines with OpenAI's /v1/completions: `logprobs` −1 lists the whole vocabulary, and tokens
// are named by id where `return_tokens_as_token_ids` asks for it.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";
import { broken, checkSame, countIn, modelsIn, wholeVocabulary } from "./answers.ts";
import type { RemoteClient } from "./client.ts";
import type { RemoteEngine } from "./types.ts";

const ADVICE = "start vLLM with --max-logprobs -1 and without another --logprobs-mode.";

/** `named`: the model to ask for, where the engine serves several. */
export async function openOpenAi(
  client: RemoteClient,
  named: string | null,
  signal: AbortSignal,
): Promise<RemoteEngine> {
  const served = modelsIn(await client.ask("/v1/models", signal));
  const found = served.find(({ id }) => id === named) ?? (served.length === 1 ? served[0] : undefined);
  if (found === undefined || typeof found.id !== "string") {
    const ids = served.map(({ id }) => id).slice(0, 10).join(", ");
    const sentence = served.length === 0
      ? `The engine at ${client.url} lists no model under /v1/models.`
      : `The engine at ${client.url} serves ${ids}. Name one behind "#".`;
    throw fault("model_failed", sentence);
  }
  const model = found.id;
  const pairsAfter = (ids: readonly number[], signal: AbortSignal) => askPairs(client, model, ids, signal);
  const vocabSize = 1 + (await pairsAfter([0], signal)).reduce((most, [id]) => Math.max(most, id), 0);
  return {
    ...{ model, vocabSize },
    contextLength: countIn(found, "max_model_len") ?? 2048,
    logprobsAfter: async (ids, signal) => wholeVocabulary(await pairsAfter(ids, signal), vocabSize, ADVICE),
    async tokenize(text, signal) {
      const body = { model, prompt: text, add_special_tokens: false };
      const answer = await client.ask("/tokenize", signal, body);
      return isRecord(answer) && Array.isArray(answer.tokens) ? answer.tokens.map(Number) : null;
    },
  };
}

async function askPairs(
  client: RemoteClient,
  model: string,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<(readonly [id: number, logprob: unknown])[]> {
  const answer = await client.ask("/v1/completions", signal, {
    ...{ model, prompt: ids, max_tokens: 1, temperature: 1, logprobs: -1, return_tokens_as_token_ids: true },
  });
  if (!isRecord(answer) || !Array.isArray(answer.choices)) throw broken("no choices");
  checkSame(answer.model, model);
  const { logprobs } = isRecord(answer.choices[0]) ? answer.choices[0] : {};
  const [tops] = isRecord(logprobs) && Array.isArray(logprobs.top_logprobs) ? logprobs.top_logprobs : [];
  if (!isRecord(tops)) throw broken("no log-probabilities");
  return Object.entries(tops).map(([name, logprob]) => {
    const id = /^token_id:(\d{1,9})$/.exec(name)?.[1];
    if (id === undefined) throw broken("tokens that are not named by their ids");
    return [Number(id), logprob] as const;
  });
}
