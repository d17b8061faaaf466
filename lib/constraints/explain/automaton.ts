// The automaton of a small constraint, to be drawn: its states between characters, and what leads from one to another.
// States inside a character (of UTF-8) are passed over: an arrow is a whole character.
import { FAILED } from "../engine/recogniser.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import { bytesOfRanges } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";
import { describeBytes } from "./words.ts";

export interface DrawnAutomaton {
  /** The first is the initial one. */
  readonly states: readonly { readonly state: State; readonly accepts: boolean }[];
  /** Indices of states, and the characters between them in words. */
  readonly arrows: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** All states behind whole characters, or null where there are more than `most`. Throws the budget's refusal. */
export function automatonOf(recogniser: Recogniser, most: number): DrawnAutomaton | null {
  recogniser.machine.budget.begin();
  const index = new Map<State, number>([[recogniser.initial, 0]]);
  const arrows: DrawnAutomaton["arrows"][number][] = [];
  for (const [state, from] of index) { // grows while it is walked
    for (const [next, bytes] of findArrows(recogniser, state)) {
      if (!index.has(next)) index.set(next, index.size);
      if (index.size > most) return null;
      arrows.push({ from, to: index.get(next)!, label: describeBytes(bytes) });
    }
  }
  const states = [...index.keys()].map((state) => ({ state, accepts: recogniser.accepts(state) }));
  return { states, arrows };
}

function findArrows(recogniser: Recogniser, state: State): Map<State, ByteSet> {
  const ranges = new Map<State, [number, number][]>();
  for (let byte = 0; byte < 256; byte++) {
    for (const next of advanceCharacter(recogniser, recogniser.advance(state, byte), restOf(byte))) {
      const known = ranges.get(next);
      if (known === undefined) ranges.set(next, [[byte, byte]]);
      else known.push([byte, byte]);
    }
  }
  return new Map([...ranges].map(([next, bytes]) => [next, bytesOfRanges(...bytes)]));
}

/** How many bytes a character has behind its first one (RFC 3629). */
function restOf(first: number): number {
  if (first < 0xc0) return 0;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/** The states behind `rest` more bytes. */
function advanceCharacter(recogniser: Recogniser, state: State, rest: number): Set<State> {
  let states = new Set(state === FAILED ? [] : [state]);
  for (let at = 0; at < rest; at++) {
    const next = new Set<State>();
    for (const each of states) {
      for (let byte = 0x80; byte < 0xc0; byte++) next.add(recogniser.advance(each, byte));
    }
    next.delete(FAILED);
    states = next;
  }
  return states;
}
