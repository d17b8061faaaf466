// What can follow a state, byte by byte.
import { FAILED } from "../engine/recogniser.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import { DEAD } from "../engine/terminal_table.ts";
import type { TerminalTable } from "../engine/terminal_table.ts";
import { bytesOfRanges } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";

/** The bytes after which the constraint can still be met. */
function findNextBytes(recogniser: Recogniser, state: State): ByteSet {
  return collectBytes((byte) => recogniser.advance(state, byte) !== FAILED);
}

/** The bytes that can follow within a terminal. */
export function nextBytesOfTerminal(table: TerminalTable, at: number): ByteSet {
  return collectBytes((byte) => table.step(at, byte) !== DEAD);
}

function collectBytes(holds: (byte: number) => boolean): ByteSet {
  const ranges: [number, number][] = [];
  for (let byte = 0; byte < 256; byte++) if (holds(byte)) ranges.push([byte, byte]);
  return bytesOfRanges(...ranges);
}

/** The only byte of a set, or null where there are none or several. */
export function findOnlyByte(set: ByteSet): number | null {
  const word = set.findIndex((bits) => bits !== 0);
  if (word < 0 || set.some((bits, i) => i !== word && bits !== 0)) return null;
  const bits = set[word]!;
  return (bits & (bits - 1)) === 0 ? word * 32 + 31 - Math.clz32(bits) : null;
}

/** Longer stretches are cut: a caller asks again from there. */
const LONGEST_STRETCH = 4096;

export interface ForcedStretch {
  /** The bytes that must come next, one after the other; empty where there is a choice at once. */
  readonly bytes: Uint8Array;
  /** The state behind them. */
  readonly state: State;
  /** The text must end behind them. */
  readonly ends: boolean;
}

/** What must come next because nothing else can. Throws the budget's refusal. */
export function findForcedStretch(recogniser: Recogniser, start: State): ForcedStretch {
  recogniser.machine.budget.begin();
  const bytes: number[] = [];
  let state = start;
  while (bytes.length < LONGEST_STRETCH && !recogniser.accepts(state)) {
    const byte = findOnlyByte(findNextBytes(recogniser, state));
    if (byte === null) break;
    bytes.push(byte);
    state = recogniser.advance(state, byte);
  }
  const ends = recogniser.accepts(state) && recogniser.threads(state).length === 0;
  return { bytes: Uint8Array.from(bytes), state, ends };
}
