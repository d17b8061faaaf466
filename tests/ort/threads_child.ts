// Opens the bundled model with both runners, holds each against PyTorch's logits, and prints how many threads ONNX
// Runtime was told to use. A process of its own, because the environment belongs to all tests.
import { InferenceSession } from "onnxruntime-node";
import { checkReference } from "../runners/goldens.ts";
import { openAddon, openBundled, openLibrary, openNative } from "../runners/native_fixture.ts";

const told: unknown[] = [];
const library = openLibrary();
const { SetIntraOpNumThreads } = library.call;
Object.assign(library.call, {
  SetIntraOpNumThreads: (...given: Parameters<typeof SetIntraOpNumThreads>) => {
    told.push(given[1]);
    return SetIntraOpNumThreads(...given);
  },
});
const { create } = InferenceSession;
InferenceSession.create = (...given: unknown[]) => {
  told.push((given[1] as InferenceSession.SessionOptions).intraOpNumThreads);
  return Reflect.apply(create, InferenceSession, given);
};

const native: typeof openNative = (path, config) => openNative(path, config, library);
for (const open of [native, openAddon]) {
  const runner = await openBundled(open);
  await checkReference(runner, ["english_capital", "code_python"]);
  await runner.dispose();
}
console.log(JSON.stringify(told));
