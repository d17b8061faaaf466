// llama.cpp's server: POST /completion lists the whole vocabulary with ids where n_probs asks for it, before all of its
// samplers.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";
import { broken, checkSame, countIn, modelsIn, wholeVocabulary } from "./answers.ts";
import type { RemoteClient } from "./client.ts";
import type { RemoteEngine } from "./types.ts";

const ADVICE = "use a version of llama.cpp whose n_probs reaches the vocabulary.";

export async function openLlamaCpp(client: RemoteClient, signal: AbortSignal): Promise<RemoteEngine> {
  const [served] = modelsIn(await client.ask("/v1/models", signal));
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
  return {
    ...{ model, vocabSize, contextLength },
    async logprobsAfter(ids, signal) {
      const body = {
        ...{ prompt: ids, n_predict: 1, n_probs: vocabSize, cache_prompt: true, stream: false },
        ...{ temperature: 1, top_k: 0, top_p: 1, min_p: 0, samplers: ["temperature"] },
      };
      const answer = await client.ask("/completion", signal, body);
      if (!isRecord(answer)) throw broken("no completion");
      checkSame(answer.model, model);
      const [place] = Array.isArray(answer.completion_probabilities) ? answer.completion_probabilities : [];
      if (!isRecord(place) || !Array.isArray(place.top_logprobs)) throw broken("no log-probabilities");
      const pairs = place.top_logprobs.map((entry: unknown) =>
        isRecord(entry) ? [Number(entry.id), entry.logprob] as const : [NaN, null] as const
      );
      return wholeVocabulary(pairs, vocabSize, ADVICE);
    },
    async tokenize(text, signal) {
      const answer = await client.ask("/tokenize", signal, { content: text, add_special: false });
      return isRecord(answer) && Array.isArray(answer.tokens) ? answer.tokens.map(Number) : null;
    },
  };
}
