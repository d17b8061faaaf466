// Reading what an engine answers: nothing in it is trusted.
import { isRecord } from "../../basics/is_record.ts";
import { fault } from "../../fault.ts";
import type { Listed } from "./types.ts";

/** What engines write for minus infinity: vLLM −9999, llama.cpp the lowest float. */
const IMPOSSIBLE = -9000;

/** How far from 1 the sum of all probabilities may be: an engine may compute in half precision. */
const INEXACT = 0.02;

/** The entries of a list of models. */
export function readModels(answer: unknown): readonly Readonly<Record<string, unknown>>[] {
  const data = isRecord(answer) ? answer.data : null;
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

/** A whole number above 0 in a record; null for anything else. */
export function countIn(record: unknown, key: string): number | null {
  const value = isRecord(record) ? record[key] : null;
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;
}

/** A list in a record, or none. */
export function readList(record: unknown, key: string): readonly unknown[] {
  const value = isRecord(record) ? record[key] : null;
  return Array.isArray(value) ? value : [];
}

/** A natural log-probability; -Infinity for what an engine writes instead of it. Throws inference_failed. */
export function readLogprob(value: unknown, of: string): number {
  if (typeof value !== "number" || !(value <= 1e-3)) throw brokenAnswerError(`no log-probability for ${of}`);
  return value < IMPOSSIBLE ? -Infinity : Math.min(0, value);
}

/** ids and log-probabilities as they are answered, checked. Throws inference_failed. */
export function readListed(pairs: readonly (readonly [id: unknown, logprob: unknown])[]): Listed[] {
  return pairs.map(([id, logprob]) => {
    if (!Number.isSafeInteger(id) || Number(id) < 0) {
      throw brokenAnswerError(`a token ${String(id)} that is no id`);
    }
    return [Number(id), readLogprob(logprob, `token ${id}`)];
  });
}

/** How many of the ids below `size` are there. */
export function countOf(tokens: readonly Listed[], size: number): number {
  return new Set(tokens.filter(([id]) => id < size).map(([id]) => id)).size;
}

/** The id. Throws inference_failed for one beyond a vocabulary of `size`. */
export function checkId(id: number, size: number): number {
  if (id < size) return id;
  throw brokenAnswerError(`a token id ${id}, beyond its vocabulary of ${size}`);
}

/** ln p by id, -Infinity where none is listed. Throws inference_failed for an id beyond `size`, where probabilities add
 * up to more than 1, and where `whole` and one is missing. */
export function logprobsByIdOf(tokens: readonly Listed[], size: number, whole: boolean): Float32Array {
  const logprobs = new Float32Array(size).fill(-Infinity);
  for (const [id, logprob] of tokens) logprobs[checkId(id, size)] = logprob;
  if (tokens.length === 0) throw brokenAnswerError("no log-probabilities");
  const given = whole ? countOf(tokens, size) : size;
  if (given < size) {
    throw brokenAnswerError(`it listed all ${size} tokens before, and lists ${given} now. Load it anew`);
  }
  const sum = logprobs.reduce((sum, logprob) => sum + Math.exp(logprob), 0);
  if (sum > 1 + INEXACT || (whole && sum < 1 - INEXACT)) {
    throw brokenAnswerError(
      `probabilities that add up to ${sum.toFixed(2)}, as those of logits or after other settings may`,
    );
  }
  return logprobs;
}

/** The error for an answer that the engine's contract does not allow; `what` says what is wrong. */
export function brokenAnswerError(what: string): Error {
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
