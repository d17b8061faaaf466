// What goes between an inference worker and the opener it starts.
import type { Reference } from "../../runners/check.ts";
import type { GraphToOpen } from "./open_addon.ts";

/** A native session to make. */
export interface OpenerJob {
  /** Of ONNX Runtime. */
  readonly library: string;
  readonly toOpen: GraphToOpen;
  readonly writeOptimised: string | null;
  /** Whether the addon is to be asked as well. */
  readonly compare: boolean;
}

export type FromOpener =
  /** The session is being made in the thread of this id (null where nobody can tell). */
  | { readonly type: "begins"; readonly thread: number | null }
  /** The address of an OrtSession, the receiver's to release. */
  | { readonly type: "opened"; readonly session: bigint }
  | { readonly type: "unopenable"; readonly reason: string }
  /** What the addon says about the known prompt; null where it says nothing. The last message. */
  | { readonly type: "compared"; readonly reference: Reference | null };
