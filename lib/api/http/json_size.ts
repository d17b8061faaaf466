// How much a body may hold beside its bytes: a mebibyte of small values takes the thread that answers everybody a
// quarter of a second, for a request that nobody has a use for.
import type { Slices } from "../../basics/slices.ts";

/** Names that the objects of a body have together: a bias for each token of a vocabulary of 50,000 is among them. */
export const MOST_NAMES = 65_536;
/** Fields of a request itself; no endpoint knows half as many. */
export const MOST_FIELDS = 512;

/** Characters of a name with its quotes, colon, value and comma, at least. */
const SHORTEST = 5;
/** Strings that are passed in one slice. */
const STRINGS = 4096;
const [SPACES, BACKSLASH, COLON] = [new Set([9, 10, 13, 32]), 92, 58];

/** Whether the objects of `json`, valid or not, have more than `most` names. */
export function* hasMoreNames(json: string, most: number = MOST_NAMES): Slices<boolean> {
  if (json.length / SHORTEST <= most) return false;
  let [names, strings] = [0, 0];
  for (let start = json.indexOf('"'); start !== -1;) {
    const end = endOfString(json, start);
    if (end === -1) return false; // JSON.parse says where
    if (isName(json, end) && ++names > most) return true;
    if (++strings % STRINGS === 0) yield;
    start = json.indexOf('"', end + 1);
  }
  return false;
}

/** Where the string that begins at `start` has its closing quote; -1: nowhere. */
export function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return -1;
}

/** Whether the string that ends at `end` is the name of a value. */
export function isName(json: string, end: number): boolean {
  let at = end + 1;
  while (SPACES.has(json.charCodeAt(at))) at++;
  return json.charCodeAt(at) === COLON;
}

/** Whether `value` holds more than `most` values, itself among them. */
export function hasMoreValues(value: unknown, most: number): boolean {
  const waiting = [value];
  let seen = 0;
  while (waiting.length > 0) {
    if (++seen + waiting.length > most + 1) return true;
    const one = waiting.pop();
    if (typeof one !== "object" || one === null) continue;
    for (const part of Object.values(one)) if (waiting.push(part) > most) return true;
  }
  return false;
}
