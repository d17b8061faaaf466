// One of our own models as what a fake engine serves.
import type { Engine } from "../../../lib/engine/types.ts";
import { ask } from "../../engine/real_engine.ts";
import type { Served } from "./fake_engines.ts";

/** `engine` serves a ready model; its distributions are asked for whole. */
export function servedBy(engine: Engine): Served {
  const { model } = engine.status();
  if (model.state !== "ready") throw new Error("the model is not ready");
  const { id, contextLength, vocabSize } = model.info;
  const known = new Map<string, Promise<Float64Array>>();
  const logprobsOf = async (ids: readonly number[]) => {
    const { candidates } = await ask(engine, { ids });
    const logprobs = new Float64Array(vocabSize).fill(-Infinity);
    for (const { id, logprob } of candidates) logprobs[id] = logprob ?? -Infinity;
    return logprobs;
  };
  return {
    ...{ id, contextLength },
    logprobsAfter(ids) {
      const key = ids.join();
      const found = known.get(key) ?? logprobsOf(ids);
      known.set(key, found);
      return found;
    },
    async tokenize(text) {
      const input = { model_key: null, text, parse_special: false, add_special: false };
      return (await engine.submit("encode", input, { client: "fake", signal: new AbortController().signal }))
        .ids;
    },
  };
}
