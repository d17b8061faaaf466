// An open tap graph: runs of it, its inputs filled in with what changes nothing.
import { basename } from "node:path";
import type { Ort } from "../../ort/api.ts";
import type { SessionOptions } from "../../ort/create.ts";
import { openNativeGraph } from "../../ort/native_graph.ts";
import type { Tensor } from "../../ort/types.ts";
import { contextFeeds, type Past } from "../draft_model.ts";
import { GATES, layerGate } from "./gates.ts";
import { buildTaps, INPUTS, type TapGraph } from "./tap_graph.ts";

/** One forward pass over contexts of equal length. */
export interface TapRun {
  /** Ids [batch][length], row-major. */
  readonly ids: readonly number[];
  readonly batch?: number;
  /** What every row of the batch has read before, batch 1. */
  readonly past?: Past;
  /** Which states of the residual stream the head reads; by default the last one: the model's logits. */
  readonly states?: readonly number[];
  /** Ids whose logits and ranks are wanted. */
  readonly scored?: readonly number[];
  /** Ids whose logits are split over the parts. */
  readonly split?: readonly [number, number];
  /** Rows of the parts without which state `layers` + 1 is predicted; by default all are there. */
  readonly removed?: readonly number[];
  /** Gates that are not all ones, by input. */
  readonly gates?: Readonly<Record<string, Tensor>>;
}

/** The session that methods without gradients run on. Calls may overlap. */
export interface TapSession {
  readonly graph: TapGraph;
  run(run: TapRun, want: readonly string[], signal?: AbortSignal): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

const NOTHING = -2; // the row of zeros, last but one

/** Opens the tap graph of the model file at `path`; `config` is the parsed config.json. Rejects with a fault:
 * `unsupported` where the graph's parts are not found, `model_failed` where it cannot be opened. */
export async function openTaps(
  ort: Ort,
  path: string,
  config: unknown,
  options: SessionOptions = {},
): Promise<TapSession> {
  const taps = await buildTaps(path, config);
  const graph = await openNativeGraph(ort, taps.source, { name: basename(path), ...options });
  const ones = onesFor(taps);
  return {
    graph: taps,
    close: () => graph.dispose(),
    run: (run, want, signal) => {
      const {
        ids,
        batch = 1,
        past,
        states = [taps.layers],
        scored = [0],
        split = [0, 0],
        removed,
        gates = {},
      } = run;
      const feeds: Readonly<Record<string, Tensor>> = {
        ...contextFeeds(graph.inputs, taps.layout, ids, past === undefined ? { batch } : { batch, past }),
        ...ones,
        [INPUTS.states]: int64s(states),
        [INPUTS.ids]: int64s(scored),
        [INPUTS.split]: int64s(split),
        [INPUTS.removed]: int64s(removed ?? [NOTHING]),
        ...gates,
      };
      const taken = graph.inputs.map(({ name }) => [name, feeds[name]] as const);
      const given = taken.filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
      return graph.run(Object.fromEntries(given), want, signal === undefined ? {} : { signal });
    },
  };
}

function onesFor({ layers }: TapGraph): Record<string, Tensor> {
  const one = (dims: readonly number[]): Tensor => float32(dims, () => 1);
  const gates = { [GATES.token]: one([1, 1, 1]), [GATES.embedding]: one([1, 1, 1]) };
  const perLayer = Array.from({ length: layers }, (_, layer) => [layerGate(layer), one([1, 1, 3])]);
  return { ...gates, [GATES.value]: one([1, 1, 1, 1]), ...Object.fromEntries(perLayer) };
}

export function float32(dims: readonly number[], at: (index: number) => number): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  return { type: "float32", dims, data: Float32Array.from({ length }, (_, index) => at(index)) };
}

export function int64s(values: readonly number[]): Tensor {
  return { type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** The numbers of an output. */
export function numbers({ data }: Tensor): number[] {
  return Array.from(data, Number);
}
