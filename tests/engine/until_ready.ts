// Waiting for the model of an engine.
import type { Engine } from "../../lib/engine/types.ts";

/** Resolves when the engine's first model serves. Rejects with its reason where it cannot be loaded. */
export function untilReady(engine: Engine): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const check = () => {
    const { model } = engine.status();
    if (model.state === "ready") resolve();
    if (model.state === "failed") reject(new Error(model.reason));
  };
  const stop = engine.subscribe(check);
  check();
  return promise.finally(stop);
}
