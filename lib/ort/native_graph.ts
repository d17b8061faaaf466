// Any ONNX session through ONNX Runtime's C API: tensors go in and come out by copy.
//
// OWNERSHIP: the native inputs of a run belong to that run and are released when it settles, as are its outputs once
// copied. The session belongs to the graph, or to the language-model runner built over it
// (lib/runners/native/runner.ts).
import { findOwn } from "../basics/find_own.ts";
import type { Ort } from "./api.ts";
import { addressesOf, type Pointer, readPointer } from "./memory.ts";
import type { SessionOptions } from "./create.ts";
import { openSession, type OrtSession } from "./session.ts";
import { readNative, toNative } from "./tensor.ts";
import type { Graph, GraphSource, Tensor } from "./types.ts";

/** A {@link Graph} whose runs do not block the event loop and may overlap; `session` is for runners over it. */
export interface NativeGraph extends Graph {
  readonly session: OrtSession;
  /** `thenShrink`: what runs took so far goes back to the system when this one ends. */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    want: readonly string[],
    options?: RunOptions,
  ): Promise<Record<string, Tensor>>;
}

interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly thenShrink?: boolean;
}

/** Opens a graph from a file, or from bytes with external weights in a folder.
 *
 * `run` wants exactly the graph's inputs and any of its outputs, and rejects with an AbortError within one node of
 * `signal`'s abort. `dispose` cancels pending runs. Rejects with a `model_failed` fault where the graph does not
 * open. */
export async function openNativeGraph(
  ort: Ort,
  source: GraphSource,
  options: SessionOptions = {},
): Promise<NativeGraph> {
  return graphOfSession(await openSession(ort, source, options));
}

/** The graph of an open session, which it takes over. */
export function graphOfSession(session: OrtSession): NativeGraph {
  const { inputs, outputs } = session;
  return {
    session,
    inputs,
    outputs,
    run: (feeds, want, options = {}) => runGraph(session, feeds, want, options),
    dispose: () => session.close(),
  };
}

async function runGraph(
  session: OrtSession,
  feeds: Readonly<Record<string, Tensor>>,
  want: readonly string[],
  options: RunOptions,
): Promise<Record<string, Tensor>> {
  const missing = session.inputs.find((input) => findOwn(feeds, input.name) === undefined);
  if (missing !== undefined) throw new TypeError(`The graph needs the input "${missing.name}"`);
  return await runWith(session, { feeds, given: {}, want }, options);
}

/** A run of which some inputs are native values already: `given` stay the caller's, and live until it settles. */
export async function runWith(
  session: OrtSession,
  { feeds, given, want }: {
    readonly feeds: Readonly<Record<string, Tensor>>;
    readonly given: Readonly<Record<string, Pointer>>;
    readonly want: readonly string[];
  },
  options: RunOptions = {},
): Promise<Record<string, Tensor>> {
  const { ort } = session;
  const { signal, thenShrink = false } = options;
  const names = [...Object.keys(feeds), ...Object.keys(given)];
  const runs = session.prepare(names, want, { thenShrink });
  const values: Pointer[] = []; // ours until the end of this function, as are the results that the run fills in
  try {
    for (const tensor of Object.values(feeds)) values.push(toNative(ort, tensor));
    runs.values.set(addressesOf([...values, ...Object.values(given)]));
    await runs.run({ signal });
    return Object.fromEntries(want.map((name, i) => [name, readNative(ort, readPointer(runs.results, i))]));
  } finally {
    for (const value of values) ort.call.ReleaseValue(value);
    for (const address of runs.results) {
      if (address !== 0n) ort.call.ReleaseValue(Deno.UnsafePointer.create(address));
    }
    runs.free();
  }
}
