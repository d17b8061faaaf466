// What lib/hub hands to the rest of the house. Types only.

/** A JSON object as it was read: nothing about it is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One file of a folder or repository; `path` is relative and uses "/". */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
}

/** One variant of a model: a graph with the files that hold its weights. */
export interface ModelFile {
  readonly path: string; // relative to the model folder, with "/"
  readonly external: readonly string[]; // relative paths of external data
  readonly bytes: number; // graph and external data
  readonly quantization: string; // "fp32", "fp16", "q4", "q4f16", "q8", "int8", "uint8", "bnb4" ...
  readonly dtype: "float32" | "float16"; // the arithmetic
  readonly fidelity: string; // what this variant costs, for people
}

/** A model folder, read and checked: everything but the graph and the tokenizer, which are opened elsewhere. */
export interface ModelFolder {
  readonly id: string;
  readonly folder: string; // absolute
  readonly onnxPath: string; // absolute path of the chosen graph
  readonly file: ModelFile; // the chosen variant
  readonly files: readonly ModelFile[]; // every variant there is
  readonly config: JsonObject;
  readonly generationConfig: JsonObject | null;
  readonly tokenizerJson: JsonObject;
  readonly tokenizerConfig: JsonObject;
  readonly quantization: string;
  readonly dtype: "float32" | "float16";
  readonly bytes: number; // of the chosen variant
  readonly eosTokenIds: readonly number[]; // the generation config's first
  readonly contextLength: number; // tokens
  readonly chatTemplate: string | null;
  readonly hasChatTemplate: boolean;
  readonly parameters: number | null; // count of weights, estimated from the config
}
