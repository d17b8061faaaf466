// Weights in files beside the graph: under every name and wherever in the graph they are referred to they are found, in
// a folder and behind the links of a hub's cache; what says their place wrongly is refused by name.
import { strict as assert } from "node:assert";
import { dirname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
} from "onnx-buf";
import { faultOf } from "../../lib/fault.ts";
import { prepareGraph } from "../../lib/onnx/prepare.ts";
import { attending, byHead, cacheModel, mergedModel } from "../runners/cache_models.ts";
import { openAddon, openNative } from "../runners/native_fixture.ts";
import { inFolder } from "./onnx_edit.ts";

const CONFIG = { num_attention_heads: 2, hidden_size: 16, max_position_embeddings: 64 };
const MODEL = cacheModel([attending(byHead((layer, kind) => `past_key_values.${layer}.${kind}`))]).cached;
const TABLE_BYTES = 40 * 16 * 4;

type Entries = readonly (readonly [key: string, value: string])[];

/** Says that the tensor's bytes lie elsewhere, and gives them. */
function moveOut(tensor: TensorProto, entries: Entries): Uint8Array {
  const floats = Float32Array.from(tensor.floatData);
  const bytes = tensor.rawData.length > 0 ? tensor.rawData.slice() : new Uint8Array(floats.buffer);
  tensor.rawData = new Uint8Array();
  tensor.floatData = [];
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = entries.map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
  return bytes;
}

/** The graph after `edit`, which gives the files beside it. */
function edited(
  model: Uint8Array,
  edit: (graph: GraphProto) => Record<string, Uint8Array>,
): Record<string, Uint8Array> {
  const copy = fromBinary(ModelProtoSchema, model);
  const files = edit(copy.graph!);
  return { ...files, "model.onnx": toBinary(ModelProtoSchema, copy) };
}

const tableOf = (graph: GraphProto) => graph.initializer.find(({ name }) => name === "table")!;

/** The model whose table of embeddings is said to lie by `entries`, and does in `file` behind `before` other bytes. */
function withTable(entries: Entries, file = "w.bin", before = 0): Record<string, Uint8Array> {
  return edited(MODEL, (graph) => {
    const bytes = moveOut(tableOf(graph), entries);
    const whole = new Uint8Array(before + bytes.length);
    whole.set(bytes, before);
    return { [file]: whole };
  });
}

/** The table as a Constant in place of an initializer. */
function withConstant(): Record<string, Uint8Array> {
  return edited(MODEL, (graph) => {
    const t = tableOf(graph);
    graph.initializer = graph.initializer.filter((other) => other !== t);
    const bytes = moveOut(t, [["location", "w.bin"]]);
    const attribute = [
      create(AttributeProtoSchema, { name: "value", type: AttributeProto_AttributeType.TENSOR, t }),
    ];
    graph.node.unshift(
      create(NodeProtoSchema, { opType: "Constant", name: "constant", output: ["table"], attribute }),
    );
    return { "w.bin": bytes };
  });
}

/** A merged decoder whose branches have their weights in files. */
function withBranches(model: Uint8Array): Record<string, Uint8Array> {
  return edited(model, (graph) => {
    const files: Record<string, Uint8Array> = {};
    const branches = graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => g ?? []));
    for (const [at, branch] of branches.entries()) {
      for (const tensor of branch.initializer.filter(({ floatData }) => floatData.length > 30)) {
        const location = `parts/${at}-${tensor.name}.bin`;
        files[location] = moveOut(tensor, [["location", location]]);
      }
    }
    assert.ok(Object.keys(files).length > 10);
    return files;
  });
}

async function write(folder: string, files: Record<string, Uint8Array>, linked: boolean): Promise<string> {
  const here = linked ? join(folder, "snapshots", "0", "onnx") : folder;
  await Deno.mkdir(join(folder, "blobs"), { recursive: true });
  for (const [at, [name, bytes]] of Object.entries(files).entries()) {
    const place = join(here, name);
    await Deno.mkdir(dirname(place), { recursive: true });
    await Deno.writeFile(linked ? join(folder, "blobs", `${at}`) : place, bytes);
    if (linked) await Deno.symlink(join(folder, "blobs", `${at}`), place);
  }
  return join(here, "model.onnx");
}

const merged = mergedModel(true).cached;
const FOUND: Readonly<Record<string, readonly [files: () => Record<string, Uint8Array>, whole: Uint8Array]>> =
  {
    "no length": [() => withTable([["location", "w.bin"]]), MODEL],
    "a place behind others": [
      () =>
        withTable([["location", "w.bin"], ["offset", "4096"], ["length", `${TABLE_BYTES}`]], "w.bin", 4096),
      MODEL,
    ],
    "a place at an odd byte": [() => withTable([["location", "w.bin"], ["offset", "3"]], "w.bin", 3), MODEL],
    "a checksum": [() => withTable([["location", "w.bin"], ["checksum", "abc"]]), MODEL],
    "other letters and a folder": [
      () => withTable([["location", "größe ü (1)/w 模.bin"]], "größe ü (1)/w 模.bin"),
      MODEL,
    ],
    "a path with more than it needs": [() => withTable([["location", "./a//./w.bin"]], "a/w.bin"), MODEL],
    "a constant's": [withConstant, MODEL],
    "those of the branches of a merged decoder": [() => withBranches(merged), merged],
  };

for (const [name, [make, whole]] of Object.entries(FOUND)) {
  Deno.test(`weights in a file, ${name}: the same logits, behind links too`, async () => {
    const logits: Float32Array[] = [];
    for (
      const [linked, files] of [[false, { "model.onnx": whole }], [false, make()], [true, make()]] as const
    ) {
      for (const open of [openNative, openAddon]) {
        await inFolder(async (folder) => {
          const runner = await open(await write(folder, files, linked), CONFIG);
          logits.push((await runner.run(runner.empty(), [3, 9, 27])).logits);
          await runner.dispose();
        });
      }
    }
    for (const other of logits) assert.deepEqual(other, logits[0]);
  });
}

const REFUSED: readonly (readonly [entries: Entries, sentence: RegExp])[] = [
  [[], /weights "table" of the graph name no file/],
  [[["location", ""]], /weights "table" of the graph name no file/],
  [[["location", "w.bin"], ["offset", "-4"]], /"table".*the offset "-4", which is no number of bytes/],
  [[["location", "w.bin"], ["offset", ""]], /the offset ""/],
  [[["location", "w.bin"], ["offset", "0x10"]], /the offset "0x10"/],
  [[["location", "w.bin"], ["length", "9".repeat(23)]], /the length "9{23}"/],
  [
    [["location", "w.bin"], ["length", `${TABLE_BYTES - 4}`]],
    /"table" of the graph take 2560 bytes, but are said to have 2556/,
  ],
  [
    [["location", "w.bin"], ["offset", "1"]],
    /w\.bin.*is cut off: expected at least 2561 bytes but found 2560/,
  ],
  [[["location", "w.bin"], ["colour", "red"]], /have the entry "colour"/],
  [[["location", "."]], /keeps its weights in \., which is no file/],
  [[["location", "w\0.bin"]], /which cannot be read/],
  [[["location", "w".repeat(300)]], /keeps its weights in w{100}…, which cannot be read/],
  [[["location", "other.bin"]], /keeps its weights in other\.bin, and that file is missing/],
];

for (const [entries, sentence] of REFUSED) {
  Deno.test(`weights in a file: refused with ${sentence}`, () =>
    inFolder(async (folder) => {
      const path = await write(folder, withTable(entries), false);
      await assert.rejects(prepareGraph(path), (error: Error) => {
        assert.equal(faultOf(error)?.code, "model_failed");
        assert.match(error.message, sentence);
        return true;
      });
    }));
}
