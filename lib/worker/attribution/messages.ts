// What the inference worker and its attribution worker say to each other.
import type { AttributionTask, Findings } from "../../attribution/explain/task.ts";
import type { Fault } from "../../fault.ts";
import type { JsonObject } from "../../hub/folder/types.ts";

/** The model whose graphs are opened: the file that serves. */
export interface AttributedModel {
  readonly root: string; // folder of main.ts, where ONNX Runtime is looked for
  readonly path: string; // absolute, of the .onnx
  readonly config: JsonObject;
  readonly bytes: number; // of the graph and its weights
}

/** The two graphs that methods run on. */
export type GraphKind = "taps" | "gradients";

export type ToAttribution =
  /** The first message. */
  | { readonly type: "model"; readonly model: AttributedModel }
  | { readonly type: "explain"; readonly id: number; readonly task: AttributionTask }
  /** Ends a task, which still answers `failed`. */
  | { readonly type: "drop"; readonly id: number }
  | { readonly type: "stop" };

export type FromAttribution =
  | { readonly type: "progress"; readonly id: number; readonly share: number }
  /** A graph is opened for the task that runs, has been opened, or was closed to make room. */
  | { readonly type: "opening"; readonly graph: GraphKind }
  | { readonly type: "opened"; readonly graph: GraphKind; readonly ms: number }
  | { readonly type: "closed"; readonly graph: GraphKind }
  | { readonly type: "done"; readonly id: number; readonly findings: Findings; readonly ms: number } // opening left out
  | { readonly type: "failed"; readonly id: number; readonly message: string; readonly fault: Fault | null }
  | { readonly type: "stopped" };

/** The part of a Worker that the inference worker uses, so that tests can put a function in its place. */
export interface AttributionPort {
  post(message: ToAttribution): void;
  /** Called once, before the first `post`. */
  listen(onMessage: (message: FromAttribution) => void, onDeath: (reason: string) => void): void;
  terminate(): void;
}
