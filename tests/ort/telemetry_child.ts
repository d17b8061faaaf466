// Opens a tiny model and closes it: arguments are the runner and the repository's folder. A process of its own,
// because ONNX Runtime reads its opt-out once.
import { openAddon, openNative } from "../runners/native_fixture.ts";

const [runner, root] = Deno.args;
const model = `${root}/tests/fixtures/tiny-models/tiny-gpt2`;
const config: unknown = JSON.parse(await Deno.readTextFile(`${model}/config.json`));
const opened = await (runner === "native" ? openNative : openAddon)(`${model}/onnx/model.onnx`, config);
await opened.dispose();
