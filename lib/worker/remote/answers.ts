// Reading what an engine answers: nothing in it is trusted.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";

/** What engines write for minus infinity: vLLM −9999, llama.cpp the lowest float. */
const IMPOSSIBLE = -9000;

/** The entries of a list of models. */
export function modelsIn(answer: unknown): readonly Readonly<Record<string, unknown>>[] {
  const data = isRecord(answer) ? answer.data : null;
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

export function countIn(record: unknown, key: string): number | null {
  const value = isRecord(record) ? record[key] : null;
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;
}

/** ln p by id. Throws inference_failed unless every id below `size` is there once. */
export function wholeVocabulary(
  pairs: readonly (readonly [id: number, logprob: unknown])[],
  size: number,
  advice: string,
): Float32Array {
  const logprobs = new Float32Array(size).fill(NaN);
  for (const [id, logprob] of pairs) {
    if (!(id >= 0 && id < size)) throw broken(`a token id ${id}, beyond its vocabulary of ${size}`);
    if (typeof logprob !== "number" || logprob > 1e-3) throw broken(`no log-probability for token ${id}`);
    logprobs[id] = logprob < IMPOSSIBLE ? -Infinity : Math.min(0, logprob);
  }
  const missing = logprobs.findIndex((logprob) => logprob !== logprob);
  if (missing < 0) return logprobs;
  const given = new Set(pairs.map(([id]) => id)).size;
  throw fault(
    "inference_failed",
    `The engine lists ${given} of ${size} tokens. Exact probabilities need all of them: ${advice}`,
  );
}

export function broken(what: string): Error {
  return fault("inference_failed", `The engine's answer is not what it promises: ${what}.`);
}

/** Throws model_changed where an answer comes from another model than the one that was opened. */
export function checkSame(now: unknown, then: string): void {
  if (typeof now !== "string" || now === then) return;
  throw fault(
    "model_changed",
    `The engine serves ${now} now, and ${then} was opened. Load it anew.`,
    "model_key",
  );
}
