// Which files besides itself an .onnx file names for its weights, found by walking over its records: what lies between
// them, weights too, is not read.
import { type Bytes, records } from "./wire_format.ts";

/** Numbers of the fields on the way to a name in onnx.proto3. */
const MODEL = { graph: 7, functions: 25 };
const GRAPH = { node: 1, initializer: 5, sparse: 15 };
const FUNCTION = { node: 7 };
const NODE = { attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparseTensors: 23 };
const SPARSE = { values: 1, indices: 2 };
const TENSOR = { externalData: 13 };
const ENTRY = { key: 1, value: 2 };

const WINDOW_BYTES = 64 * 1024;
const LONGEST_NAME = 4096;

type Visit = (at: number, end: number) => void;

/** The locations of external data that the graph at `path` names, in their order, as they are written there: relative
 * to its folder, and not to be trusted. What is no ONNX file names none. */
export function dataLocations(path: string): string[] {
  using file = Deno.openSync(path);
  const bytes = new FileBytes(file);
  const found = new Set<string>();
  try {
    visitModel(bytes, bytes.size, (name) => found.add(name));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // cut off or damaged: opening it says so
  }
  return [...found];
}

/** Whether a location leads out of the folder of its graph. */
export function leadsOut(location: string): boolean {
  return location === "" || /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(location);
}

/** A file whose bytes are read a window at a time. */
class FileBytes implements Bytes {
  readonly size: number;
  readonly #file: Deno.FsFile;
  readonly #window = new Uint8Array(WINDOW_BYTES);
  #start = 0;
  #length = 0;

  constructor(file: Deno.FsFile) {
    this.#file = file;
    this.size = file.statSync().size;
  }

  at(index: number): number | undefined {
    if (index >= this.size) return undefined;
    if (index < this.#start || index >= this.#start + this.#length) this.#read(index);
    return index < this.#start + this.#length ? this.#window[index - this.#start] : undefined;
  }

  #read(from: number): void {
    this.#file.seekSync(from, Deno.SeekMode.Start);
    this.#start = from;
    this.#length = this.#file.readSync(this.#window) ?? 0;
  }
}

function visitModel(bytes: Bytes, size: number, found: (name: string) => void): void {
  const each = (at: number, end: number, visits: Readonly<Record<number, Visit>>) => {
    for (const record of records(bytes, at, end)) visits[record.field]?.(record.body, record.end);
  };
  const tensor: Visit = (at, end) =>
    each(at, end, {
      [TENSOR.externalData]: (at, end) => {
        const entry: Record<string, string> = {};
        let key = "";
        each(at, end, {
          [ENTRY.key]: (at, end) => key = textOf(bytes, at, end),
          [ENTRY.value]: (at, end) => entry[key] = textOf(bytes, at, end),
        });
        if (entry.location !== undefined) found(entry.location);
      },
    });
  const sparse: Visit = (at, end) => each(at, end, { [SPARSE.values]: tensor, [SPARSE.indices]: tensor });
  const attribute: Visit = (at, end) =>
    each(at, end, {
      [ATTRIBUTE.tensor]: tensor,
      [ATTRIBUTE.tensors]: tensor,
      [ATTRIBUTE.graph]: graph,
      [ATTRIBUTE.graphs]: graph,
      [ATTRIBUTE.sparse]: sparse,
      [ATTRIBUTE.sparseTensors]: sparse,
    });
  const node: Visit = (at, end) => each(at, end, { [NODE.attribute]: attribute });
  function graph(at: number, end: number): void {
    each(at, end, { [GRAPH.node]: node, [GRAPH.initializer]: tensor, [GRAPH.sparse]: sparse });
  }
  const functions: Visit = (at, end) => each(at, end, { [FUNCTION.node]: node });
  each(0, size, { [MODEL.graph]: graph, [MODEL.functions]: functions });
}

function textOf(bytes: Bytes, at: number, end: number): string {
  const length = Math.min(end - at, LONGEST_NAME);
  return new TextDecoder().decode(Uint8Array.from({ length }, (_, index) => bytes.at(at + index) ?? 0));
}
