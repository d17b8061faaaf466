// llama.cpp's server: POST /completion lists the whole vocabulary with ids where n_probs asks for it, before all of its
// samplers.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";
import {
  brokenAnswerError,
  checkSame,
  countIn,
  countOf,
  readList,
  readListed,
  readModels,
} from "./answers.ts";
import type { RemoteClient } from "./client.ts";
import type { EngineList, Opening, RemoteEngine } from "./types.ts";

/** Opens a model behind llama.cpp's server. Rejects with a fault where it does not say vocabulary or context size. */
export async function openLlamaCpp(client: RemoteClient, { signal }: Opening): Promise<RemoteEngine> {
  const [served] = readModels(await client.ask("/v1/models", signal));
  const props = await client.ask("/props", signal);
  const settings = isRecord(props) ? props.default_generation_settings : null;
  const vocabSize = countIn(served?.meta, "n_vocab");
  const contextLength = countIn(settings, "n_ctx");
  if (served === undefined || typeof served.id !== "string" || vocabSize === null || contextLength === null) {
    const sentence =
      `At ${client.url} there is no llama.cpp server: /v1/models and /props do not say what it serves.`;
    throw fault("model_failed", sentence);
  }
  const model = served.id;
  const after = (ids: readonly number[], signal: AbortSignal) =>
    askList(client, model, ids, vocabSize, signal);
  const { tokens } = await after([0], signal);
  const given = countOf(tokens, vocabSize);
  return {
    ...{ model, vocabSize, contextLength, after },
    listed: given === vocabSize ? null : given,
    path: null,
    async tokenize(text, signal) {
      const answer = await client.ask("/tokenize", signal, { content: text, add_special: false });
      return isRecord(answer) && Array.isArray(answer.tokens) ? answer.tokens.map(Number) : null;
    },
  };
}

/** What is drawn, and thrown away: the server lists nothing beside a token that ends the text or leaves a character
 * unfinished. The lists are those before its samplers and this grammar. */
const WHOLE_CHARACTERS = "root ::= [ -~]+";

async function askList(
  client: RemoteClient,
  model: string,
  ids: readonly number[],
  count: number,
  signal: AbortSignal,
): Promise<EngineList> {
  const answer = await client.ask("/completion", signal, {
    ...{ prompt: ids, n_predict: 1, n_probs: count, cache_prompt: true, stream: false },
    ...{ temperature: 1, top_k: 0, top_p: 1, min_p: 0, samplers: ["temperature"], grammar: WHOLE_CHARACTERS },
  });
  if (!isRecord(answer)) throw brokenAnswerError("no completion");
  checkSame(answer.model, model);
  const [place] = readList(answer, "completion_probabilities");
  const tops = readList(place, "top_logprobs");
  if (tops.length === 0) throw brokenAnswerError("no log-probabilities");
  return {
    tokens: readListed(tops.map((entry) => isRecord(entry) ? [entry.id, entry.logprob] : [null, null])),
  };
}
