// SGLang by its own POST /generate, which takes ids and names tokens by id. Its log-probabilities are after the
// temperature, so that is 1.
import { isRecord } from "../../basics/is_record.ts";
import {
  brokenAnswerError,
  checkSame,
  countIn,
  countOf,
  readList,
  readListed,
  readLogprob,
} from "./answers.ts";
import type { RemoteClient } from "./client.ts";
import { askTokens, findServedModel } from "./openai.ts";
import type { EngineList, Listed, Opening, PathList, RemoteEngine } from "./types.ts";

/** True where the engine describes itself as SGLang does. */
export async function servesSglang(client: RemoteClient, signal: AbortSignal): Promise<boolean> {
  return await askModelPath(client, signal) !== null;
}

async function askModelPath(client: RemoteClient, signal: AbortSignal): Promise<string | null> {
  const answer = await client.ask("/get_model_info", signal);
  return isRecord(answer) && typeof answer.model_path === "string" ? answer.model_path : null;
}

/** `named`: the model to ask for, where the engine serves several. */
export async function openSglang(
  client: RemoteClient,
  named: string | null,
  { signal, tokenizer }: Opening,
): Promise<RemoteEngine> {
  const found = await findServedModel(client, named, signal);
  const path = await askModelPath(client, signal);
  const { size } = await tokenizer(named ?? found.id);
  // Its answers do not name the model: a restart with another one is seen here.
  const checkModel = async (signal: AbortSignal) =>
    checkSame(await askModelPath(client, signal), path ?? found.id);
  const after = async (ids: readonly number[], signal: AbortSignal): Promise<EngineList> => {
    await checkModel(signal);
    const meta = await generate(client, { ids, top: size, from: -1 }, signal);
    const [tops] = readList(meta, "output_top_logprobs");
    return { tokens: readRows(tops).filter(([id]) => id < size) };
  };
  const given = countOf((await after([0], signal)).tokens, size);
  return {
    ...{ model: found.id, vocabSize: size, after },
    contextLength: countIn(found, "max_model_len") ?? 2048,
    listed: given === size ? null : given,
    async path(ids, top, signal) {
      await checkModel(signal);
      return readPath(await generate(client, { ids, top, from: 0 }, signal), ids);
    },
    tokenize: (text, signal) => askTokens(client, found.id, text, signal),
  };
}

/** Its `meta_info`. `from`: the first position of the prompt that is scored; -1: none. */
async function generate(
  client: RemoteClient,
  { ids, top, from }: { readonly ids: readonly number[]; readonly top: number; readonly from: number },
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await client.ask("/generate", signal, {
    ...{ input_ids: ids, sampling_params: { max_new_tokens: 1, temperature: 1 } },
    ...{ return_logprob: true, top_logprobs_num: top, logprob_start_len: from },
  });
  if (isRecord(answer) && isRecord(answer.meta_info)) return answer.meta_info;
  throw brokenAnswerError("no meta_info");
}

/** [[logprob, id, text], …] */
function readRows(value: unknown): Listed[] {
  const rows = Array.isArray(value) ? value : [];
  return readListed(
    rows.map((row) => Array.isArray(row) ? [row[1], row[0]] as const : [null, null] as const),
  );
}

function readPath(meta: Readonly<Record<string, unknown>>, ids: readonly number[]): PathList {
  const [own, tops] = [readList(meta, "input_token_logprobs"), readList(meta, "input_top_logprobs")];
  if (own.length !== ids.length) throw brokenAnswerError("no log-probabilities for the prompt's tokens");
  const lists = ids.map((_, at) => at === 0 ? [] : readRows(tops[at]));
  return {
    logprobs: own.map((row, at) =>
      at === 0 ? null : readLogprob(Array.isArray(row) ? row[0] : null, `token ${ids[at]}`)
    ),
    ranks: lists.map((list, at) => {
      const rank = list.findIndex(([id]) => id === ids[at]);
      return rank < 0 ? null : rank;
    }),
    tops: lists,
  };
}
