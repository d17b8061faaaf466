// Loads of every kind, in a fixed order: good, cancelled at any moment, refused, damaged.
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { TINY } from "../hub/support.ts";

/** What loads are made of: of an engine, or of a server. */
export interface Loader {
  /** Asks for `id` and waits until it serves or was refused. */
  load(id: string): Promise<void>;
  /** Asks for `id` and gives it up after `milliseconds`. */
  cancel(id: string, milliseconds: number): Promise<void>;
}

const LARGE = "HuggingFaceTB/SmolLM2-135M-Instruct";
/** config.json with numbers that no model has. */
const ODD_CONFIGS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "odd-vocabulary-0": { vocab_size: 0 },
  "odd-vocabulary-1e12": { vocab_size: 1e12 },
  "odd-context": { max_position_embeddings: 1e12, n_positions: 1e12 },
  "odd-layers": { num_hidden_layers: 1e6, n_layer: 1e6 },
};
/** model.onnx with bytes that are no graph. */
const DAMAGED: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  "damaged-empty": () => new Uint8Array(),
  "damaged-half": (bytes) => bytes.subarray(0, bytes.length / 2),
  "damaged-operators": (bytes) => replaced(bytes, "MatMul", "NoSuch"),
};

/** Writes the folders that {@link mixedLoads} asks for below `root`: good ones, odd ones, damaged ones. */
export async function writeFolders(root: string): Promise<void> {
  for (const name of ["tiny-gpt2", "tiny-qwen3"]) await copy(name, join(root, name));
  for (const [name, changes] of Object.entries(ODD_CONFIGS)) {
    await copy("tiny-gpt2", join(root, name));
    const path = join(root, name, "config.json");
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...JSON.parse(await Deno.readTextFile(path)), ...changes }),
    );
  }
  for (const [name, damage] of Object.entries(DAMAGED)) {
    await copy("tiny-gpt2", join(root, name));
    const path = join(root, name, "onnx", "model.onnx");
    await Deno.writeFile(path, damage(await Deno.readFile(path)));
  }
}

/** `count` loads, the last of them a good one: `tiny-gpt2` serves in the end. */
export async function mixedLoads({ load, cancel }: Loader, count: number): Promise<void> {
  const strange = [...Object.keys(ODD_CONFIGS), ...Object.keys(DAMAGED), "no-such-folder"];
  for (let i = 0; i < count - 1; i++) {
    if (i % 3 === 0) await load(strange[(i / 3) % strange.length]!);
    else if (i % 3 === 1) await cancel(LARGE, (i * 137) % 600);
    else await load(i % 4 === 0 ? LARGE : "tiny-qwen3");
  }
  await load("tiny-gpt2");
}

async function copy(tiny: string, folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "onnx"), { recursive: true });
  const files = [...Deno.readDirSync(join(TINY, tiny))].filter(({ isFile }) => isFile).map(({ name }) =>
    name
  );
  for (const file of [...files, "onnx/model.onnx"]) {
    await Deno.copyFile(join(TINY, tiny, file), join(folder, file));
  }
}

/** `bytes` with every `old` as `given`, which is as long. */
function replaced(bytes: Uint8Array, old: string, given: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(old, given), "latin1");
}
