// llama.cpp's `response_fields`: which parts of an answer a client wants.
import { findOwn } from "../../basics/find_own.ts";
import { isRecord } from "../../basics/is_record.ts";

/** The parts of `answer` at `paths`, each under its whole path; `a/b` is the field b of a. What an answer lacks is left
 * out. No path: all of the answer. */
export function pickFields(
  answer: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): Readonly<Record<string, unknown>> {
  if (paths.length === 0) return answer;
  const found = paths.map((path) => [path, findValue(answer, path.split("/"))] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function findValue(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  return isRecord(value) ? findValue(findOwn(value, name), rest) : undefined;
}
