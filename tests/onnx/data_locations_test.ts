import { strict as assert } from "node:assert";
import { listDataLocations } from "../../lib/onnx/data_locations.ts";
import { edited, inFolder, moveWeights, tinyPath } from "./onnx_edit.ts";

/** A graph whose weights lie in a file of that name, its own bytes behind `padding` more of documentation. */
function graphBeside(location: string, padding = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(edited(tinyPath("tiny-llama-decomposed"), (graph) => {
    graph.docString = "d".repeat(padding);
    moveWeights(graph, location);
  }));
}

async function found(bytes: Uint8Array): Promise<string[]> {
  let locations: string[] = [];
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.onnx`, bytes);
    locations = listDataLocations(`${folder}/model.onnx`);
  });
  return locations;
}

Deno.test("the data files of a graph are found wherever the windows of the file end", async () => {
  for (const name of ["weights.bin", "gewichte-größer/日本.bin"]) {
    for (let padding = 65_000; padding < 65_600; padding += 7) {
      assert.deepEqual(await found(graphBeside(name, padding)), [name], `${padding}`);
    }
  }
});

Deno.test("a graph with its weights inside names no file", () => {
  assert.deepEqual(listDataLocations(tinyPath("tiny-llama-decomposed")), []);
});

Deno.test("what is cut off or no graph at all names what could be read", async () => {
  const whole = graphBeside("weights.bin");
  for (const length of [0, 1, 100, whole.length >> 1, whole.length - 1]) {
    const names = await found(whole.subarray(0, length));
    assert.ok(names.every((name) => name === "weights.bin"), `${length}`);
  }
  assert.deepEqual(await found(new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n")), []);
  assert.deepEqual(await found(new Uint8Array(40).fill(0xff)), []);
});
