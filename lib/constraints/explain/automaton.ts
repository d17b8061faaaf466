// The automaton of a small constraint, to be drawn: its states and what leads from one to another.
import { FAILED } from "../engine/recogniser.ts";
import type { Recogniser, State } from "../engine/recogniser.ts";
import { byteRanges } from "../ir/byte_set.ts";
import type { ByteSet } from "../ir/byte_set.ts";
import { describeBytes } from "./words.ts";

export interface DrawnAutomaton {
  /** The first is the initial one. */
  readonly states: readonly { readonly state: State; readonly accepts: boolean }[];
  /** Indices of states, and the characters between them in words. */
  readonly arrows: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** All states that a text can reach, or null where there are more than `most`. Throws the budget's refusal. */
export function automatonOf(recogniser: Recogniser, most: number): DrawnAutomaton | null {
  recogniser.machine.budget.begin();
  const index = new Map<State, number>([[recogniser.initial, 0]]);
  const arrows: DrawnAutomaton["arrows"][number][] = [];
  for (const [state, from] of index) { // grows while it is walked
    for (const [next, bytes] of arrowsFrom(recogniser, state)) {
      if (!index.has(next)) index.set(next, index.size);
      if (index.size > most) return null;
      arrows.push({ from, to: index.get(next)!, label: describeBytes(bytes) });
    }
  }
  const states = [...index.keys()].map((state) => ({ state, accepts: recogniser.accepts(state) }));
  return { states, arrows };
}

function arrowsFrom(recogniser: Recogniser, state: State): Map<State, ByteSet> {
  const ranges = new Map<State, [number, number][]>();
  for (let byte = 0; byte < 256; byte++) {
    const next = recogniser.advance(state, byte);
    if (next === FAILED) continue;
    const known = ranges.get(next);
    if (known === undefined) ranges.set(next, [[byte, byte]]);
    else known.push([byte, byte]);
  }
  return new Map([...ranges].map(([next, bytes]) => [next, byteRanges(...bytes)]));
}
