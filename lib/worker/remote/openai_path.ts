// The scores of a prompt in an answer of /v1/completions: vLLM's prompt_logprobs, or OpenAI's echo.
import { isRecord } from "../../basics/is_record.ts";
import { brokenAnswerError, readList, readListed, readLogprob } from "./answers.ts";
import { type NameReader, readNames } from "./token_names.ts";
import type { Listed, PathList } from "./types.ts";

/** `count`: the most probable tokens that were asked for. Throws inference_failed where the answer has neither form for
 * every token. */
export function readPath(answer: unknown, ids: readonly number[], count: number, read: NameReader): PathList {
  const [choice] = readList(answer, "choices");
  const places = readList(choice, "prompt_logprobs");
  if (places.length === ids.length) return readPlaces(places, ids);
  const lists = isRecord(choice) ? choice.logprobs : null;
  const [logprobs, tops] = [readList(lists, "token_logprobs"), readList(lists, "top_logprobs")];
  if (logprobs.length < ids.length) throw brokenAnswerError("no log-probabilities for the prompt's tokens");
  return readEcho(ids, { logprobs, tops, count }, read);
}

/** [null, {"12": {logprob, rank, decoded_token}}, …]: the most probable tokens, and the prompt's own with its rank. */
function readPlaces(places: readonly unknown[], ids: readonly number[]): PathList {
  const read = places.map((place, at) => {
    if (at === 0) return { logprob: null, rank: null, tops: [] };
    const own = isRecord(place) ? place[String(ids[at])] : null;
    if (!isRecord(place) || !isRecord(own)) {
      throw brokenAnswerError(`nothing about token ${at} of the prompt`);
    }
    const tops = readListed(
      Object.entries(place).map(([id, entry]) => [readId(id), isRecord(entry) ? entry.logprob : null]),
    );
    const rank = Number.isSafeInteger(own.rank) ? Number(own.rank) - 1 : null;
    return { logprob: readLogprob(own.logprob, `token ${ids[at]}`), rank, tops: sortFalling(tops) };
  });
  return toColumns(read);
}

/** The number that a key is, or the key, which is then no id. */
function readId(key: string): number | string {
  return /^\d{1,9}$/.test(key) ? Number(key) : key;
}

interface Echo {
  readonly logprobs: readonly unknown[];
  readonly tops: readonly unknown[];
  readonly count: number;
}

function readEcho(ids: readonly number[], { logprobs, tops, count }: Echo, read: NameReader): PathList {
  return toColumns(ids.map((id, at) => {
    if (at === 0) return { logprob: null, rank: null, tops: [] };
    const place = tops[at];
    const listed = isRecord(place) ? sortFalling(readNames(place, read).tokens) : [];
    const logprob = readLogprob(logprobs[at], `token ${id}`);
    const rank = listed.findIndex(([other]) => other === id);
    return { logprob, rank: rank >= 0 && rank < count ? rank : null, tops: listed };
  }));
}

interface Place {
  readonly logprob: number | null;
  readonly rank: number | null;
  readonly tops: readonly Listed[];
}

function toColumns(places: readonly Place[]): PathList {
  return {
    logprobs: places.map(({ logprob }) => logprob),
    ranks: places.map(({ rank }) => rank),
    tops: places.map(({ tops }) => tops),
  };
}

function sortFalling(tokens: readonly Listed[]): Listed[] {
  return tokens.toSorted(([a, x], [b, y]) => y - x || a - b);
}
