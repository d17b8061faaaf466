// What any ONNX session looks like to the rest of the house: tensors in, tensors out. It knows no model.
import type { BrakeAddresses } from "./brake.ts";

/** Element types that cross the border between JavaScript and a session. */
export type ElementType = "float32" | "float16" | "int64" | "int32" | "int8" | "uint8" | "bool";

/** One tensor in JavaScript memory; float16 travels as raw bits in a Uint16Array. */
export interface Tensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;
}

/** An input or output as the session describes it: unknown dimensions keep their symbolic name. */
export interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** A model file, or an edited graph whose external weights stay in `folder`. */
export type GraphSource =
  | { readonly path: string }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly folder: string };

/** Any ONNX session. */
export interface Graph {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs the graph; rejects with an AbortError when `signal` aborts first. */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    want: readonly string[],
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** A session that one thread begins for another one (begun_session.ts): plain data. */
export interface BegunSession {
  /** What tells its graph from any other. */
  readonly name: string;
  /** Bytes of memory that it takes, an estimate. */
  readonly needed: number;
  /** The state, int32, and the session's address, uint64, behind it. */
  readonly shared: SharedArrayBuffer;
  readonly brake: BrakeAddresses;
}
