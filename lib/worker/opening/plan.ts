// How a model is opened, decided before anything is: which runner, which check, which graph, which thread. Pure, so
// that the whole of it is one table in its test; open_runner.ts does what it says.
import type { OnnxSpec } from "../../protocol/messages.ts";
import type { Device } from "../../wire/device.ts";

/** What the decision depends on; bytes. */
export interface PlanFacts {
  readonly device: Device;
  readonly runner: OnnxSpec["runner"];
  readonly background: boolean; // another model serves meanwhile
  readonly weights: number;
  readonly needed: number; // memory of one session, an estimate
  readonly free: number | null; // memory; null: unknown, two sessions are taken to fit then
  /** The comparison is known to hold for the first of the graphs. */
  readonly checked: boolean;
  /** The place of an optimised graph: none is worth writing here, none is written yet, or one is there. */
  readonly optimised: "none" | "absent" | "there";
}

/** "as_is": the model's own file; "optimised": what an earlier load wrote; "writing": the model's own file, and what
 * ONNX Runtime makes of it is written for the next load. */
export type GraphUse = "as_is" | "optimised" | "writing";

/** "none": it is opened or fails; "states": its states are checked by themselves; "plain": its logits are held
 * against those of a plain session, whose tensors are copied; "known": they were, at another start. Where a check fails
 * the addon serves. */
export type NativeCheck = "none" | "states" | "plain" | "known";

export type LoadPlan =
  | { readonly runner: "addon" }
  | {
    readonly runner: "native";
    readonly check: NativeCheck;
    /** Tried in this order; what keeps the last one from opening is the load's error. */
    readonly graphs: readonly GraphUse[];
    /** Where the session is made: in the worker's own thread, or in another one that gives way. */
    readonly thread: "own" | "background";
  };

/** Weights from which another thread pays: opening less takes no longer than starting one. */
const BACKGROUND_BYTES = 16 * 2 ** 20;

/** The graphs to try, by whether an optimised one is there. */
export const GRAPHS: Readonly<Record<PlanFacts["optimised"], readonly GraphUse[]>> = {
  none: ["as_is"],
  absent: ["writing", "as_is"],
  there: ["optimised", "writing", "as_is"],
};

/** The native runner serves on the CPU. The comparison opens the model a second time for a moment; where
 * the memory has no room for that (large models of the hub), the native runner is checked by its own states alone. */
export function planLoad(facts: PlanFacts): LoadPlan {
  const { device, runner, background, weights, needed, free, optimised, checked } = facts;
  if (device !== "cpu" || runner === "addon") return { runner: "addon" };
  const thread = background && weights >= BACKGROUND_BYTES ? "background" : "own";
  if (runner === "native") return { runner: "native", check: "none", graphs: GRAPHS.none, thread };
  const check = checked ? "known" : free !== null && free < 2 * needed ? "states" : "plain";
  return { runner: "native", check, graphs: GRAPHS[optimised], thread };
}
