// A model's graph being extended: nodes, inputs and outputs are added, nodes replaced, and the result is written with
// the weights left in the files where they are.
import { create } from "@bufbuild/protobuf";
import {
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type ValueInfoProto,
} from "onnx-buf";
import { copyWith } from "./copy_with.ts";
import { type AttributeValue, createAttributes, tensorAttribute } from "./graph_attributes.ts";
import { countFoldedBytes } from "./folding.ts";
import type { GraphFile } from "./graph_file.ts";
import { GraphNodes } from "./graph_nodes.ts";
import { createFloatTensor, createInt64Tensor } from "./graph_tensors.ts";
import { createTensorInfo, dimensionsOf } from "./graph_values.ts";
import { normaliseDomain, writeGraph } from "./graph_write.ts";
import { type GraphEdit, NO_EDIT } from "./splice.ts";
import type { GraphSource } from "../ort/types.ts";

/** How a node is made: its attributes; its domain ("" = ai.onnx); the names of its outputs, or how many (default 1). */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  readonly outputs?: readonly string[] | number;
}

/** A graph that can be looked at and extended. */
export class GraphDraft {
  readonly #file: GraphFile;
  readonly #edit: GraphEdit;
  readonly #prefix: string;
  readonly #nodes: GraphNodes;
  readonly #initializers = new Map<string, TensorProto>();
  readonly #added: TensorProto[] = [];
  readonly #constants = new Map<string, string>();
  #inputs: ValueInfoProto[];
  #outputs: ValueInfoProto[];
  #described: readonly ValueInfoProto[] = [];
  #names = 0;

  /** `edit`: what is done to the file's graph first, such as the cut of its logits. `prefix`: of every new name. */
  constructor(
    file: GraphFile,
    { edit = NO_EDIT, prefix }: { readonly edit?: GraphEdit; readonly prefix: string },
  ) {
    const { graph } = file;
    this.#file = file;
    this.#edit = edit;
    this.#prefix = prefix;
    this.#nodes = new GraphNodes([
      ...graph.node.map((node, i) => edit.nodes.get(i) ?? [node]),
      edit.appendedNodes,
    ]);
    for (const tensor of [...graph.initializer, ...edit.initializers]) {
      this.#initializers.set(tensor.name, tensor);
    }
    this.#inputs = [...graph.input.map((input, i) => edit.changedInputs.get(i) ?? input), ...edit.inputs];
    this.#outputs = [
      ...graph.output.flatMap((output, i) => edit.outputs.get(i) ?? [output]),
      ...edit.appendedOutputs,
    ];
  }

  /** All nodes in topological order. */
  get nodes(): NodeProto[] {
    return this.#nodes.all();
  }
  get inputs(): readonly ValueInfoProto[] {
    return this.#inputs;
  }
  get outputs(): readonly ValueInfoProto[] {
    return this.#outputs;
  }
  /** The node that gives this value; undefined for inputs and initializers. */
  producer(name: string): NodeProto | undefined {
    return this.#nodes.producer(name);
  }
  /** The nodes that read this value. */
  consumers(name: string): readonly NodeProto[] {
    return this.#nodes.consumers(name);
  }
  /** The constant behind a name: an initializer or a Constant node's tensor, also behind a Cast (its values are the
   * same, its type is not); undefined for what is computed. */
  constant(name: string): TensorProto | undefined {
    const node = this.#nodes.producer(name);
    if (node?.opType === "Cast") return this.constant(node.input[0] ?? "");
    if (node?.opType === "Constant") return tensorAttribute(node, "value") ?? undefined;
    return this.#initializers.get(name);
  }
  /** The version of an operator set that the model imports; 0 where it does not. */
  opset(domain: string): number {
    const found = this.#file.model.opsetImport.find((entry) => normaliseDomain(entry.domain) === domain);
    return Number(found?.version ?? 0);
  }

  /** Bytes of constants that opening the graph computes; see folding.ts. */
  countFoldedBytes(): number {
    return countFoldedBytes({ node: this.nodes, initializer: [...this.#initializers.values()] });
  }

  /** Adds a node of one output and returns that output's name. */
  op(opType: string, input: readonly string[], options: NodeOptions = {}): string {
    return this.ops(opType, input, options)[0]!;
  }

  /** Adds a node and returns the names of its outputs. */
  ops(opType: string, input: readonly string[], options: NodeOptions = {}): string[] {
    const { attributes: values = {}, domain = "", outputs = 1 } = options;
    const output = typeof outputs === "number"
      ? Array.from({ length: outputs }, () => this.fresh(opType))
      : [...outputs];
    const name = typeof outputs === "number" ? output[0]! : this.fresh(opType); // names of nodes are unique as well
    this.add(
      create(NodeProtoSchema, {
        opType,
        domain,
        name,
        input: [...input],
        output,
        attribute: createAttributes(values),
      }),
    );
    return output;
  }

  /** Adds a node that was made elsewhere: at the end, or in the place of the node that is being replaced. */
  add(node: NodeProto): void {
    this.#nodes.add(node);
  }

  /** Removes `node`; what `build` adds takes its place and must give every output that is still read. */
  replace(node: NodeProto, build: () => void): void {
    this.#nodes.replace(node, build);
  }

  /** Puts nodes between a value and all its readers: `build` gets the value's new name and must give the old one. */
  interpose(name: string, build: (before: string) => void): void {
    const node = this.#nodes.producer(name);
    if (node === undefined) throw new Error(`No node gives "${name}"`);
    const before = this.fresh(`${name}/before`);
    this.replace(node, () => {
      const output = node.output.map((candidate) => candidate === name ? before : candidate);
      this.add(copyWith(NodeProtoSchema, node, { output }));
      build(before);
    });
  }

  /** An initializer with these int64 values: a list, or a scalar where `dims` is []. Equal ones are made once. */
  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#shared(`int64 ${dims} ${values}`, (name) => createInt64Tensor(name, values, [...dims]));
  }

  /** An initializer with these float32 values: a scalar by default. Equal ones are made once. */
  floats(values: readonly number[], dims: readonly number[] = []): string {
    return this.#shared(`float ${dims} ${values}`, (name) => createFloatTensor(name, values, [...dims]));
  }

  /** Adds an initializer and returns its name, made new where the tensor has none. */
  initializer(tensor: TensorProto): string {
    const named = tensor.name === ""
      ? copyWith(TensorProtoSchema, tensor, { name: this.fresh("constant") })
      : tensor;
    this.#added.push(named);
    this.#initializers.set(named.name, named);
    return named.name;
  }

  /** Adds a graph input; dimensions that are no numbers are free. */
  input(name: string, type: DataType, dims: readonly (number | string)[]): string {
    this.#inputs.push(createTensorInfo(name, type, dims));
    return name;
  }

  /** Gives an input another element type. */
  retypeInput(name: string, type: DataType): void {
    this.#inputs = this.#inputs.map((input) =>
      input.name === name ? createTensorInfo(name, type, dimensionsOf(input)) : input
    );
  }

  /** The graph's outputs from now on: values by name, with their element types. Others are not computed any more. */
  setOutputs(outputs: ReadonlyMap<string, DataType>): void {
    this.#outputs = [...outputs].map(([name, type]) => createTensorInfo(name, type, null));
  }

  /** Adds one output to those there are. */
  output(name: string, type: DataType = DataType.FLOAT): void {
    this.#outputs.push(createTensorInfo(name, type, null));
  }

  /** Says of what types and shapes values between nodes are. */
  describe(values: readonly ValueInfoProto[]): void {
    this.#described = values;
  }

  /** The extended model, ready to open. Its weights stay in the model's own files. */
  source(): Promise<GraphSource> {
    return writeGraph(this.#file, {
      slots: this.#nodes.slots,
      changedInitializers: this.#edit.weights,
      addedInitializers: [...this.#edit.initializers, ...this.#added],
      inputs: this.#inputs,
      outputs: this.#outputs,
      valueInfo: this.#described,
    });
  }

  /** A name that no value has yet. */
  fresh(name: string): string {
    return `${this.#prefix}/${name}_${this.#names++}`;
  }

  #shared(key: string, make: (name: string) => TensorProto): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.initializer(make(this.fresh("constant")));
    this.#constants.set(key, name);
    return name;
  }
}
