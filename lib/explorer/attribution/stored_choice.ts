// The choice of method as the browser remembers it: the method under its published key, the rest beside it.
import { oneOf, read, readObject, type Store, write } from "../storage/local_storage.ts";
import { OCCLUSION_KINDS, SEGMENT_UNITS } from "../../wire/attribution_methods.ts";
import { type Choice, FIRST_CHOICE, PAGE_METHODS, STEPS } from "./methods.ts";

const KEYS = { method: "llmDemo.attrMethod", options: "llmDemo.attrOptions" } as const;

/** The remembered choice; the first one where nothing of ours is there. */
export function loadChoice(storage: Store): Choice {
  const stored = readObject(storage, KEYS.options);
  const layer = readPlace(stored.layer, -1, FIRST_CHOICE.layer);
  return {
    method: oneOf(read(storage, KEYS.method), PAGE_METHODS, FIRST_CHOICE.method),
    occlusion: oneOf(stored.occlusion, OCCLUSION_KINDS, FIRST_CHOICE.occlusion),
    layer,
    head: layer === null ? null : readPlace(stored.head, 0, FIRST_CHOICE.head),
    signed: stored.signed === true,
    steps: STEPS.find((steps) => steps === stored.steps) ?? FIRST_CHOICE.steps,
    baseline: readPlace(stored.baseline, 0, null) ?? oneOf(stored.baseline, ["zero", "unk"], "zero"),
    segments: oneOf(stored.segments, SEGMENT_UNITS, FIRST_CHOICE.segments),
  };
}

/** A whole number from `least`, or null; `otherwise` where it is neither. */
function readPlace(value: unknown, least: number, otherwise: number | null): number | null {
  if (value === null) return null;
  return Number.isInteger(value) && (value as number) >= least ? value as number : otherwise;
}

/** Stores the method and its options in this browser. */
export function saveChoice(storage: Store, { method, ...options }: Choice): void {
  write(storage, KEYS.method, method);
  write(storage, KEYS.options, JSON.stringify(options));
}
