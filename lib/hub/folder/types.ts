// What lib/hub hands to other folders. Types only.

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
  readonly arithmetic: "float32" | "float16"; // the arithmetic
  readonly fidelity: string; // what this variant costs, for people
}

/** tokenizer.json, and the ids that the folder's other files name by its tokens. */
export interface ModelTokenizer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly json: JsonObject;
  readonly eosTokenIds: readonly number[]; // the generation config's first
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
  /** Reads tokenizer.json, each time it is asked to: weights need not wait for it. `parse` may make its object, or
   * leave that to this by null. Rejects with model_failed. */
  readonly tokenizer: (
    parse?: (bytes: Uint8Array<ArrayBuffer>) => Promise<JsonObject | null>,
  ) => Promise<ModelTokenizer>;
  readonly tokenizerConfig: JsonObject;
  readonly quantization: string;
  readonly arithmetic: "float32" | "float16";
  readonly bytes: number; // of the chosen variant
  readonly contextLength: number; // tokens
  readonly chatTemplates: Readonly<Record<string, string>>; // by name; one without a name is "default"
  readonly parameters: number | null; // count of weights, estimated from the config
}

/** How far a load is; bytes where a phase counts any. */
export interface LoadProgress {
  readonly phase: "resolving" | "downloading" | "verifying" | "opening";
  readonly file: string | null;
  readonly received: number;
  readonly total: number;
  readonly bytesPerSecond: number;
}

/** One file of a model that could be loaded. */
export interface ModelVariant {
  readonly file: string;
  readonly dtype: string; // what a load request calls it: "fp32", "q4" ...
  readonly bytes: number; // with its external data
  readonly fidelity: string; // what it costs, as a sentence
  readonly cached: boolean; // nothing has to be fetched
  readonly chosen: boolean; // what a load without a dtype takes
  readonly fits: boolean | null; // in the memory that is free now; null = unknown
}

/** The files of one model. */
export interface ModelVariants {
  readonly id: string;
  readonly source: string; // the repository that holds the files, or the id again
  readonly license: string | null;
  readonly files: readonly ModelVariant[];
}
