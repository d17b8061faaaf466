// Small language models whose caches are laid out as exporters lay them out, each beside the same model without a
// cache.
import { TensorProto_DataType as DataType } from "onnx-buf";
import { Builder } from "../attribution/graph_builder.ts";

export const VOCABULARY = 40;
const WIDTH = 16;
const HEADS = 2;
const KERNEL = 3;

/** A weight that depends on its name alone, so that a model has the same ones however its cache lies. */
function weight(b: Builder, name: string, dims: readonly number[], scale: number): string {
  const seed = [...name].reduce((sum, letter) => sum * 31 % 9973 + letter.charCodeAt(0), 7);
  return b.weight(name, dims, scale, seed);
}

/** A model: with its cache, and `plain`, which computes all of a text each time. */
export interface CacheModel {
  readonly cached: Uint8Array;
  readonly plain: Uint8Array;
}

/** What a layer keeps: its part of the model, and how its past is laid out. */
type Part = (b: Builder, x: string, layer: number, keep: Keep) => string;

/** The past of a layer: an input, or in the plain model nothing at all. */
export type Keep = (
  past: { name: string; dims: (number | string)[]; empty: readonly number[] },
  present: { name: string; of: (past: string) => string },
) => string;

/** A model of these layers; `more` adds to the embeddings what other inputs say. */
export function cacheModel(
  parts: readonly Part[],
  more: (b: Builder, x: string, cached: boolean) => string = (_b, x) => x,
): CacheModel {
  return { cached: modelOf(parts, more, true), plain: modelOf(parts, more, false) };
}

function modelOf(
  parts: readonly Part[],
  more: (b: Builder, x: string, cached: boolean) => string,
  cached: boolean,
): Uint8Array {
  return smallModel((b, embeddings) => {
    let x = more(b, embeddings, cached);
    parts.forEach((part, layer) => {
      x = b.op("Add", [x, part(b, x, layer, cached ? keepIn(b) : keepNothing(b))]);
    });
    return x;
  });
}

/** A model whose logits are made of what `build` makes of the embeddings; `head` turns them into the output. */
export function smallModel(
  build: (b: Builder, x: string) => string,
  head?: (b: Builder, logits: string) => void,
): Uint8Array {
  const b = new Builder();
  const x = build(b, b.op("Gather", [weight(b, "table", [VOCABULARY, WIDTH], 2), "input_ids"]));
  const weights = weight(b, "head", [WIDTH, VOCABULARY], 1);
  const logits = b.op("MatMul", [b.rootMeanSquare(x), weights], {}, head === undefined ? "logits" : "raw");
  head?.(b, logits);
  return b.model(VOCABULARY);
}

/** The past as an input of the graph, the present as an output. */
export function keepIn(b: Builder): Keep {
  return ({ name, dims }, present) => {
    const past = b.input(name, DataType.FLOAT, dims);
    const whole = present.of(past);
    b.op("Identity", [whole], {}, present.name);
    b.output(present.name, dims.map((size) => size === "past_length" ? "total_length" : size));
    return whole;
  };
}

function keepNothing(b: Builder): Keep {
  return ({ empty }, present) => present.of(b.op("ConstantOfShape", [b.ints(empty)]));
}

/** How keys and values lie. `attend` makes of the new ones [batch, heads, rows, width] what is kept, and back. */
export interface KeyLayout {
  readonly past: (layer: number) => string;
  readonly present: (layer: number) => string;
  readonly kinds: readonly ("key" | "value" | "both")[];
  readonly dims: readonly (number | string)[];
  readonly empty: readonly number[];
  readonly axis: number; // that of the tokens
  readonly store: (b: Builder, x: string) => string;
  readonly load: (b: Builder, x: string) => string;
}

/** [batch, heads, tokens, width], under the names of {@link cacheModel}'s callers. */
export function byHead(
  past: (layer: number, kind: string) => string,
  width = 8,
): (kind: string) => KeyLayout {
  return (kind) => ({
    past: (layer) => past(layer, kind),
    present: (layer) => past(layer, kind).replace("past_key_values", "present").replace("past", "present"),
    kinds: ["key", "value"],
    dims: ["batch", HEADS, "past_length", width],
    empty: [1, HEADS, 0, width],
    axis: 2,
    store: (_b, x) => x,
    load: (_b, x) => x,
  });
}

/** Whether a row sees what is before it alone: always, never, or only in runs that have no past. */
export type Causal = boolean | "at first";

/** Attention over what `layoutOf` keeps, in heads of `width`. */
export function attending(layoutOf: (kind: string) => KeyLayout, width = 8, causal: Causal = true): Part {
  return (b, x, layer, keep) => {
    const heads = (name: string) => {
      const product = b.op("MatMul", [x, weight(b, `${name}${layer}`, [WIDTH, HEADS * width], 0.7)]);
      return b.transposed(b.reshape(product, [0, 0, HEADS, width]), 0, 2, 1, 3);
    };
    const q = heads("q");
    const [k, v] = ["key", "value"].map((kind) => {
      const layout = layoutOf(kind);
      const added = layout.store(b, heads(kind));
      const whole = keep(
        { name: layout.past(layer), dims: [...layout.dims], empty: layout.empty },
        {
          name: layout.present(layer),
          of: (past) => b.op("Concat", [past, added], { axis: BigInt(layout.axis) }),
        },
      );
      return layout.load(b, whole);
    }) as [string, string];
    const out = weighed(b, q, k, v, causal);
    return b.op("MatMul", [out, weight(b, `o${layer}`, [HEADS * width, WIDTH], 0.7)]);
  };
}

/** What queries read from keys and values, [batch, rows, heads · width]; each row sees itself and what is before it. */
function weighed(b: Builder, q: string, k: string, v: string, causal: Causal): string {
  let scores = b.op("MatMul", [q, b.transposed(k, 0, 1, 3, 2)]);
  if (causal !== false) {
    const size = (x: string) =>
      b.op("Reshape", [b.op("Gather", [b.op("Shape", [x]), b.ints([2])]), b.ints([], [0])]);
    const [rows, total, zero, one] = [size(q), size(k), b.ints([0], []), b.ints([1], [])];
    const at = b.op("Range", [b.op("Sub", [total, rows]), total, one]);
    let late = b.op("Greater", [b.op("Range", [zero, total, one]), b.op("Unsqueeze", [at, b.ints([1])])]);
    if (causal === "at first") late = b.op("And", [late, b.op("Equal", [rows, total])]);
    scores = b.op("Where", [late, b.floats([-1e9]), scores]);
  }
  const read = b.op("MatMul", [b.op("Softmax", [scores], { axis: -1n }), v]);
  return b.reshape(b.transposed(read, 0, 2, 1, 3), [0, 0, -1]);
}

/** A convolution over the last tokens, whose state is the last {@link KERNEL} columns (LFM2). */
export const convolving: Part = (b, x, layer, keep) => {
  const columns = b.transposed(x, 0, 2, 1);
  let all = "";
  keep(
    { name: `past_conv.${layer}`, dims: ["batch", WIDTH, KERNEL], empty: [1, WIDTH, KERNEL] },
    {
      name: `present_conv.${layer}`,
      of: (past) => {
        all = b.op("Concat", [past, columns], { axis: 2n });
        return b.sliced(all, 2, -KERNEL, Number.MAX_SAFE_INTEGER);
      },
    },
  );
  const kernel = weight(b, `conv${layer}`, [WIDTH, 1, KERNEL], 0.7);
  const mixed = b.op("Conv", [b.sliced(all, 2, 1, Number.MAX_SAFE_INTEGER), kernel], {
    group: BigInt(WIDTH),
  });
  return b.transposed(mixed, 0, 2, 1);
};

/** A recurrence h ← decay · h + x over the tokens (Mamba's shape), by the sums of x / decay^t. */
export const recurring: Part = (b, x, layer, keep) => {
  const decay = 0.9;
  const size = b.op("Gather", [b.op("Shape", [x]), b.ints([1])]);
  const length = b.op("Reshape", [size, b.ints([], [0])]);
  const steps = b.op("Cast", [
    b.op("Range", [b.ints([1], []), b.op("Add", [length, b.ints([1], [])]), b.ints([1], [])]),
  ], { to: 1n });
  const power = b.op("Unsqueeze", [b.op("Pow", [b.floats([decay], []), steps]), b.ints([1])]); // [rows, 1]
  const sums = b.op("CumSum", [b.op("Div", [x, power]), b.ints([1], [])]);
  let all = "";
  keep(
    { name: `cache_params.past.ssm.${layer}`, dims: ["batch", WIDTH, 1], empty: [1, WIDTH, 1] },
    {
      name: `cache_params.present.ssm.${layer}`,
      of: (past) => {
        all = b.op("Mul", [b.op("Add", [sums, b.transposed(past, 0, 2, 1)]), power]);
        return b.transposed(b.sliced(all, 1, -1, Number.MAX_SAFE_INTEGER), 0, 2, 1);
      },
    },
  );
  return b.scaled(all, 0.3);
};

/** A merged decoder: one branch reads the past, the other does not. `causal`: whether the branch with the past masks
 * what comes later; those that were traced with one token do not. */
export function mergedModel(causal: boolean): CacheModel {
  return {
    cached: merged(causal),
    plain: modelOf([0, 1].map(() => attending(byHead((l, k) => `past.${l}.${k}`))), (_b, x) => x, false),
  };
}

function merged(causal: boolean): Uint8Array {
  const outer = new Builder();
  const layers = [0, 1];
  const names = layers.flatMap((layer) => ["key", "value"].map((kind) => `${layer}.${kind}`));
  outer.input("use_cache_branch", DataType.BOOL, [1]);
  const dims = ["batch", HEADS, "past_length", 8];
  const pasts = names.map((name) => outer.input(`past_key_values.${name}`, DataType.FLOAT, dims));
  const branch = (prefix: string, past: boolean) => {
    const b = new Builder(prefix);
    const made = new Map<string, string>();
    let x = b.op("Gather", [weight(b, "table", [VOCABULARY, WIDTH], 2), "input_ids"]);
    for (const layer of layers) {
      const part = attending(byHead((l, kind) => `past.${l}.${kind}`), 8, causal || !past);
      const keep: Keep = ({ name, empty }, { of }) => {
        const own = name.slice("past.".length);
        const whole = of(past ? pasts[names.indexOf(own)]! : b.op("ConstantOfShape", [b.ints(empty)]));
        made.set(own, whole);
        return whole;
      };
      x = b.op("Add", [x, part(b, x, layer, keep)]);
    }
    const logits = b.op("MatMul", [b.rootMeanSquare(x), weight(b, "head", [WIDTH, VOCABULARY], 1)]);
    return b.branch([logits, ...names.map((name) => made.get(name)!)]);
  };
  outer.choice("use_cache_branch", branch("with.", true), branch("without.", false), [
    "logits",
    ...names.map((name) => `present.${name}`),
  ]);
  for (const name of names) outer.output(`present.${name}`, ["batch", HEADS, "total_length", 8]);
  return outer.model(VOCABULARY);
}
