// What may come next, in words and with the place that asks for it.
import type { Thread } from "../engine/closure.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import type { TerminalTable } from "../engine/terminal_table.ts";
import type { ByteSet } from "../ir/byte_set.ts";
import type { Origin } from "../ir/grammar.ts";
import { findOnlyByte, nextBytesOfTerminal } from "./next_bytes.ts";
import { describeBytes } from "./words.ts";

/** One thing that may come next. */
export interface Expectation {
  /** A text in quotes where only one text can follow in this part, else the characters: "a digit". */
  readonly what: string;
  /** The bytes that can come first. */
  readonly bytes: ByteSet;
  /** Which part of the constraint asks for it, and where it is written. */
  readonly origin: Origin;
  /** Some of this part's text is there already. */
  readonly begun: boolean;
}

/** Longer texts are cut. */
const LONGEST_TEXT = 60;

/** What may come next in a state, one entry for each part of the constraint; the end is apart: `accepts`. Throws the
 * budget's refusal. */
export function findExpectations(recogniser: Recogniser, state: State): Expectation[] {
  recogniser.machine.budget.begin();
  const found = new Map<string, Expectation>();
  for (const thread of recogniser.threads(state)) {
    const expectation = expectationOf(recogniser.machine.table, thread);
    const { name, from, pointer } = expectation.origin;
    const key = JSON.stringify([expectation.what, name, from, pointer]);
    if (!found.has(key)) found.set(key, expectation);
  }
  return [...found.values()];
}

function expectationOf(table: TerminalTable, { terminal, at }: Thread): Expectation {
  const bytes = nextBytesOfTerminal(table, at);
  const begun = at !== table.stateOf(terminal.regex);
  return { what: findForcedText(table, at) ?? describeBytes(bytes), bytes, origin: terminal.origin, begun };
}

/** The only text that can follow within a terminal, in quotes; null where there is a choice or the text is broken. */
function findForcedText(table: TerminalTable, start: number): string | null {
  const bytes: number[] = [];
  let at = start;
  for (; bytes.length < LONGEST_TEXT; at = table.step(at, bytes.at(-1)!)) {
    if (bytes.length > 0 && table.isComplete(at)) break;
    const byte = findOnlyByte(nextBytesOfTerminal(table, at));
    if (byte === null) break;
    bytes.push(byte);
  }
  if (bytes.length === 0 || !table.isFinished(at) && bytes.length < LONGEST_TEXT) return null;
  const text = new TextDecoder().decode(Uint8Array.from(bytes));
  if (text.startsWith("\ufffd")) return null; // the rest of a character
  return table.isFinished(at)
    ? JSON.stringify(text)
    : `${JSON.stringify(text.replace(/\ufffd$/, "")).slice(0, -1)}…"`;
}
