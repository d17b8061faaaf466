// The bundled model with its real tokenizer, template, runner and caches, in the test's own thread.
import { Turns } from "../../lib/basics/turns.ts";
import { readModelFolder } from "../../lib/hub/folder/folder.ts";
import { createLanguage, createSandboxes } from "../../lib/worker/opening/language.ts";
import { openAttribution } from "../../lib/worker/attribution/open.ts";
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import { openRunner } from "../../lib/worker/opening/open_runner.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import { createTextCodec } from "../../lib/text/codec.ts";
import { ROOT, specFor } from "../engine/spec.ts";
import { FAKE_INFO } from "../fakes.ts";

const BUNDLED = "HuggingFaceTB/SmolLM2-135M-Instruct";

export interface RealModel {
  readonly language: LanguageModel;
  readonly source: LogitsSource;
  close(): Promise<void>;
}

export async function openRealModel(): Promise<RealModel> {
  const folder = await readModelFolder(`${ROOT}/models/${BUNDLED}`, { id: BUNDLED, device: "cpu" });
  const runner = await openRunner(folder, "cpu", specFor(BUNDLED, { runner: "native" }), () => {});
  const { json, eosTokenIds } = await folder.tokenizer();
  const codec = createTextCodec(json, folder.tokenizerConfig);
  const source = new LogitsSource(runner, 512 * 2 ** 20);
  const attribution = openAttribution(folder, ROOT);
  const sandboxes = createSandboxes();
  const { id, contextLength } = folder;
  const info = { ...FAKE_INFO, id, eosTokenIds, contextLength, vocabSize: runner.vocabSize };
  return {
    language: createLanguage(
      info,
      folder,
      codec,
      { logits: source, attribution, turns: new Turns() },
      sandboxes,
    ),
    source,
    async close() {
      await attribution.close();
      for (const sandbox of Object.values(sandboxes)) sandbox.close();
      source.clear();
      await runner.dispose();
    },
  };
}
