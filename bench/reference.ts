// The engine to hold ours against, loaded from a path that the caller gives: a module with `Ort.open(library)` and
// `Model.load(ort, path, options, shape)`, whose runs append to a state in buffers of fixed capacity.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findLibrary } from "../lib/ort/library.ts";
import { BUNDLED_FOLDER, digest, pathOf, readFolder, ROOT } from "./model.ts";

interface State {
  release(): void;
}
interface ReferenceModel {
  empty(capacity: number): State;
  run(past: State, ids: number[]): Promise<{ logits: Float32Array; state: State }>;
  close(): void;
}
interface ReferenceModule {
  readonly Ort: { open(library: string): unknown };
  readonly Model: {
    load(ort: unknown, path: string, options: object, shape: object): Promise<ReferenceModel>;
  };
}

export interface Reference {
  /** Makes a path of `length` tokens ready; the function that comes back makes one click on it, in ms. */
  prepare(length: number): Promise<(id: number) => Promise<number>>;
  close(): void;
}

/** Opens the bundled model with the engine of the module at `path`. */
export async function openReference(path: string, vocabSize: number): Promise<Reference> {
  const { Ort, Model } = await import(pathToFileURL(resolve(path)).href) as ReferenceModule;
  const folder = await readFolder(BUNDLED_FOLDER);
  const { num_hidden_layers, num_key_value_heads, num_attention_heads, hidden_size } = folder
    .config as Record<
      string,
      number
    >;
  const shape = {
    layers: num_hidden_layers!,
    kvHeads: num_key_value_heads!,
    headDim: hidden_size! / num_attention_heads!,
  };
  const model = await Model.load(Ort.open(findLibrary(ROOT)), folder.onnxPath, {}, shape);
  const states: State[] = [];
  return {
    async prepare(length) {
      const empty = model.empty(length + 1);
      const { state } = await model.run(empty, pathOf(length, length, vocabSize));
      empty.release();
      states.push(state);
      return async (id) => {
        const begun = performance.now();
        const { logits, state: next } = await model.run(state, [id]);
        digest(logits);
        const took = performance.now() - begun;
        next.release(); // a window on the same buffers
        return took;
      };
    },
    close() {
      for (const state of states) state.release();
      model.close();
    },
  };
}
