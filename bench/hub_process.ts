// A hub in a process of its own, so that what it sends costs the bench's event loop nothing. It serves the bundled
// model under the names given as arguments, its weights at about 20 MB/s, prints its address, and ends with its input.
import { fakeHub } from "../tests/hub/fake_hub.ts";
import { BUNDLED_FOLDER } from "./model.ts";

/** Of weights, in a step of 20 ms. */
const BYTES = 400_000;

const names = Deno.args;
const files: Record<string, Uint8Array> = {};
for (const folder of ["", "onnx/"]) {
  for await (const { name, isFile } of Deno.readDir(`${BUNDLED_FOLDER}/${folder}`)) {
    if (isFile) files[folder + name] = await Deno.readFile(`${BUNDLED_FOLDER}/${folder}${name}`);
  }
}
const hub = await fakeHub(Object.fromEntries(names.map((name) => [name, files])));
hub.mischief = ({ path }) => path.includes("/onnx/") ? { slow: BYTES } : null;
console.log(hub.url);
await Deno.stdin.readable.pipeTo(new WritableStream());
Deno.exit();
