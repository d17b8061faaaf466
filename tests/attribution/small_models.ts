// Language models of two layers with random weights, in the ways that families differ: how they normalise, where,
// whether attention and MLP stand side by side, gates, biases, soft-caps, positions, folded rows.
import { type Attending, attention, HEADS, linear, VOCABULARY, WIDTH } from "./small_attention.ts";
import { Builder } from "./graph_builder.ts";

export { HEADS, VOCABULARY, WIDTH };

export interface Family extends Attending {
  readonly norm: "rms" | "rms in pieces" | "layer" | "layer in pieces";
  /** False: blocks read the stream as it is (OLMo 2, which normalises what they write). */
  readonly normsInput?: boolean;
  /** Normalises what a block writes as well (Gemma 2). */
  readonly normsWrites?: boolean;
  /** Attention and MLP read the same stream (GPT-NeoX), or the same normalised stream (Falcon, GPT-J); "nested": x +
   * attention first, then + MLP. */
  readonly parallel?: boolean | "nested" | "one norm";
  readonly activation?: "relu" | "squared relu" | "silu" | "gelu" | "gelu by tanh";
  /** A second projection multiplies the activation's: side by side in one matrix (Phi-3) or not. */
  readonly gated?: boolean | "packed";
  readonly softcap?: number; // of the logits
  /** The stream is [batch · rows, width] around the MLPs (OPT). */
  readonly folded?: boolean;
  readonly embeddingScale?: number;
  /** The embeddings are normalised before the first block (Bloom). */
  readonly embeddingNorm?: boolean;
  /** Positions have embeddings of their own (GPT-2, OPT). */
  readonly positions?: boolean;
  readonly writeScale?: number; // Granite
  readonly logitScale?: number;
  /** The head is the table itself. */
  readonly tied?: boolean;
}

const INNER = 32;

/** The serialised model: `input_ids` in, `logits` out, no cache. */
export function smallModel(family: Family): Uint8Array {
  const b = new Builder();
  const table = b.weight("table", [VOCABULARY, WIDTH], 2);
  let stream = b.op("Gather", [table, "input_ids"]);
  if (family.embeddingScale !== undefined) stream = b.scaled(stream, family.embeddingScale);
  if (family.positions) {
    stream = b.op("Add", [stream, b.op("Gather", [b.weight("places", [64, WIDTH], 1), b.places()])]);
  }
  if (family.embeddingNorm) stream = norm(b, family, stream, "embedding");
  for (const layer of [0, 1]) stream = block(b, family, stream, layer);
  const normed = norm(b, family, stream, "final");
  let logits = family.tied
    ? b.op("MatMul", [normed, b.transposed(table, 1, 0)])
    : linear(b, normed, "head", [WIDTH, VOCABULARY], family.biases ?? false);
  if (family.logitScale !== undefined) logits = b.scaled(logits, family.logitScale);
  if (family.softcap !== undefined) logits = b.capped(logits, family.softcap);
  b.op("Identity", [logits], {}, "logits");
  return b.model(VOCABULARY);
}

function block(b: Builder, family: Family, stream: string, layer: number): string {
  const name = `layer${layer}`;
  const read = (x: string, place: string) =>
    family.normsInput === false ? x : norm(b, family, x, `${name}.${place}`);
  const first = read(stream, "in");
  const attended = write(b, family, attention(b, family, first, name, layer), `${name}.out`);
  const feed = (x: string) => write(b, family, feedForward(b, family, x, name), `${name}.mlp`);
  if (family.parallel !== undefined && family.parallel !== false) {
    const mlp = feed(family.parallel === "one norm" ? first : read(stream, "mid"));
    if (family.parallel === "nested") return b.op("Add", [b.op("Add", [stream, attended]), mlp]);
    return b.op("Add", [b.op("Add", [mlp, attended]), stream]);
  }
  let middle = b.op("Add", [stream, attended]);
  if (family.folded) middle = b.reshape(middle, [-1, WIDTH]);
  const sum = b.op("Add", [feed(read(middle, "mid")), middle]);
  if (!family.folded) return sum;
  return b.op("Reshape", [sum, b.op("Concat", [b.op("Shape", ["input_ids"]), b.ints([-1])], { axis: 0n })]);
}

function write(b: Builder, family: Family, value: string, name: string): string {
  const scaled = family.writeScale === undefined ? value : b.scaled(value, family.writeScale);
  return family.normsWrites ? norm(b, family, scaled, `${name}.post`) : scaled;
}

function feedForward(b: Builder, family: Family, x: string, name: string): string {
  const { biases = false, gated = false } = family;
  const project = (part: string, width = INNER) => linear(b, x, `${name}.${part}`, [WIDTH, width], biases);
  const both = gated === "packed" ? project("both", 2 * INNER) : null;
  const inner = activated(b, family, both === null ? project("up") : b.sliced(both, 2, 0, INNER));
  const other = both === null ? () => project("gate") : () => b.sliced(both, 2, INNER, 2 * INNER);
  return linear(b, gated ? b.op("Mul", [inner, other()]) : inner, `${name}.down`, [INNER, WIDTH], biases);
}

/** The activations as exporters write them out. */
function activated(b: Builder, { activation = "gelu" }: Family, x: string): string {
  const half = (inner: string) => b.op("Mul", [b.scaled(x, 0.5), b.op("Add", [inner, b.floats([1])])]);
  switch (activation) {
    case "relu":
      return b.op("Relu", [x]);
    case "squared relu":
      return b.op("Pow", [b.op("Relu", [x]), b.floats([2])]);
    case "silu":
      return b.op("Mul", [x, b.op("Sigmoid", [x])]);
    case "gelu":
      return half(b.op("Erf", [b.op("Div", [x, b.floats([Math.SQRT2])])]));
    case "gelu by tanh": {
      const cubic = b.scaled(b.op("Pow", [x, b.floats([3])]), 0.044715);
      return half(b.op("Tanh", [b.scaled(b.op("Add", [x, cubic]), Math.sqrt(2 / Math.PI))]));
    }
  }
}

function norm(b: Builder, { norm: kind }: Family, x: string, name: string): string {
  const weight = b.weight(`${name}.norm`, [WIDTH], 1);
  const attrs = { axis: -1n, epsilon: 1e-5 };
  if (kind === "rms") return b.op("SimplifiedLayerNormalization", [x, weight], { ...attrs, stash_type: 1n });
  const beta = () => b.weight(`${name}.beta`, [WIDTH], 1);
  if (kind === "layer") return b.op("LayerNormalization", [x, weight, beta()], attrs);
  if (kind === "rms in pieces") return b.op("Mul", [weight, b.rootMeanSquare(x)]);
  const centred = b.op("Sub", [x, b.mean(x)]);
  return b.op("Add", [b.op("Mul", [b.op("Div", [centred, b.deviation(centred)]), weight]), beta()]);
}
