// An open tap graph: runs of it, its inputs filled in with what changes nothing.
import { findOwn } from "../../basics/find_own.ts";
import { basename } from "node:path";
import type { Ort } from "../../ort/api.ts";
import type { SessionOptions } from "../../ort/create.ts";
import { openNativeGraph } from "../../ort/native_graph.ts";
import type { Tensor, TensorInfo } from "../../ort/types.ts";
import { feedContext, KEPT_TOKENS } from "../draft_model.ts";
import { GATES, layerGateOf } from "./gates.ts";
import { readToLastPiece, TAP_PIECE_TOKENS } from "./pieces.ts";
import type { TapRun } from "./tap_run.ts";
import { createFloat32, createInt64s } from "./tensors.ts";
import { attentionOutputOf, buildTaps, INPUTS, type TapGraph } from "./tap_graph.ts";

/** The session that methods without gradients run on. Calls may overlap. */
export interface TapSession {
  readonly graph: TapGraph;
  /** Rejects with an AbortError when `signal` aborts. */
  run(run: TapRun, want: readonly string[], signal?: AbortSignal): Promise<Record<string, Tensor>>;
  /** How many heads each layer has. */
  heads(signal?: AbortSignal): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface TapOptions extends SessionOptions {
  /** A text is read in pieces of this many tokens: attention is a matrix of tokens by tokens for every head. */
  readonly pieceTokens?: number;
}

const NOTHING = -2; // the row of zeros, last but one

/** Opens the tap graph of the model file at `path`; `config` is the parsed config.json. Rejects with a fault:
 * `unsupported` where the graph's parts are not found, `model_failed` where it cannot be opened. */
export async function openTaps(
  ort: Ort,
  path: string,
  config: unknown,
  { pieceTokens = TAP_PIECE_TOKENS, ...options }: TapOptions = {},
): Promise<TapSession> {
  const taps = await buildTaps(path, config);
  const graph = await openNativeGraph(ort, taps.source, {
    name: basename(path),
    sparing: true,
    ...options,
  });
  const whole = (run: TapRun, want: readonly string[], signal?: AbortSignal) =>
    graph.run(tapFeeds(taps, graph.inputs, run), want, {
      signal,
      thenShrink: run.ids.length > KEPT_TOKENS,
    });
  const inPieces = !taps.scaledByRun && taps.layout.slots.length > 0;
  const run: TapSession["run"] = async (run, want, signal) => {
    const last = inPieces && !run.whole
      ? await readToLastPiece(taps, run, pieceTokens, (piece, names) => whole(piece, names, signal))
      : run;
    return await whole(last, want, signal);
  };
  let heads: readonly number[] | null = null;
  return {
    graph: taps,
    run,
    heads: async (signal) => {
      const names = Array.from({ length: taps.layers }, (_, layer) => attentionOutputOf(layer));
      const results = heads === null ? await whole({ ids: [0] }, names, signal) : {};
      return heads ??= names.map((name) => results[name]!.dims[1]!);
    },
    close: () => graph.dispose(),
  };
}

/** All inputs of a run of a graph that has these; those that the run leaves out change nothing. */
export function tapFeeds(
  { layout, layers }: TapGraph,
  inputs: readonly TensorInfo[],
  run: TapRun,
): Record<string, Tensor> {
  const { ids, batch = 1, past, states = [layers], scored = [0], split = [0, 0], removed, gates = {} } = run;
  const feeds: Readonly<Record<string, Tensor>> = {
    ...feedContext(inputs, layout, ids, past === undefined ? { batch } : { batch, past }),
    ...openAllGates(layers),
    [INPUTS.states]: createInt64s(states),
    [INPUTS.ids]: createInt64s(scored),
    [INPUTS.split]: createInt64s(split),
    [INPUTS.removed]: createInt64s(removed ?? [NOTHING]),
    ...gates,
  };
  // ONNX Runtime drops inputs that nothing reads.
  const taken = inputs.map(({ name }) => [name, findOwn(feeds, name)] as const);
  return Object.fromEntries(taken.filter((entry): entry is [string, Tensor] => entry[1] !== undefined));
}

function openAllGates(layers: number): Record<string, Tensor> {
  const one = (dims: readonly number[]): Tensor => createFloat32(dims, () => 1);
  const gates = { [GATES.token]: one([1, 1, 1]), [GATES.embedding]: one([1, 1, 1]) };
  const perLayer = Array.from({ length: layers }, (_, layer) => [layerGateOf(layer), one([1, 1, 3])]);
  return { ...gates, [GATES.value]: one([1, 1, 1, 1]), ...Object.fromEntries(perLayer) };
}
