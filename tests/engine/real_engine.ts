// An engine over real workers, for tests that load real models.
import { join } from "node:path";
import { hubSettingsOf } from "../../lib/hub/fetch/settings.ts";
import { createModelLists } from "../../lib/hub/model_lists.ts";
import { createEngine } from "../../lib/engine/engine.ts";
import type { LoadSpec } from "../../lib/protocol/messages.ts";
import type { Engine, EngineStatus, LoadRequest } from "../../lib/engine/types.ts";
import { spawnTestWorker } from "../built_worker.ts";
import { type FakeHub, fakeHub, type Repositories } from "../hub/fake_hub.ts";
import { repositoryFrom, TINY, withFolder } from "../hub/support.ts";
import { NO_HUB, specFor } from "./spec.ts";

export interface RealEngine {
  readonly engine: Engine;
  readonly statuses: readonly EngineStatus[];
  /** Loads and waits for the end of it; throws why it failed. */
  load(modelId: string, more?: Partial<LoadRequest>): Promise<void>;
  /** Resolves when the status is as `holds` says. */
  until(holds: (status: EngineStatus) => boolean): Promise<void>;
}

/** Runs `work` with an engine that begins with `spec`. */
export async function withEngine(spec: LoadSpec, work: (real: RealEngine) => Promise<void>): Promise<void> {
  const modelLists = createModelLists(spec.roots, hubSettingsOf(spec.hub));
  const engine = createEngine({ spec, spawn: spawnTestWorker, modelLists, log: () => {} });
  const statuses: EngineStatus[] = [];
  engine.subscribe((status) => statuses.push(status));
  const until = (holds: (status: EngineStatus) => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => holds(engine.status()) && (stop(), resolve());
      const stop = engine.subscribe(check);
      check();
    });
  const load = async (modelId: string, more: Partial<LoadRequest> = {}) => {
    await engine.load({ modelId, revision: null, variant: null, device: null, ...more });
    await until((status) => status.load === null);
    const { model, loadError } = engine.status();
    if (model.state === "failed") throw new Error(model.reason);
    if (loadError !== null) throw new Error(loadError);
  };
  try {
    await until((status) => status.load === null);
    await work({ engine, statuses, load, until });
  } finally {
    await engine.close();
  }
}

/** The tiny models as repositories `tiny/<name>` of a hub, and a spec that begins with a local one. */
export async function withTinyHub(
  work: (hub: FakeHub, spec: LoadSpec, repositories: Repositories) => Promise<void>,
): Promise<void> {
  const repositories: Repositories = {};
  for (const { name } of Deno.readDirSync(TINY)) {
    repositories[`tiny/${name}`] = await repositoryFrom(join(TINY, name));
  }
  const hub = await fakeHub(repositories);
  try {
    await withFolder(async (cacheFolder) => {
      const address = { ...NO_HUB, endpoint: hub.url, cacheFolder, offline: false };
      await work(hub, specFor("tiny-gpt2", { hub: address }), repositories);
    });
  } finally {
    await hub.close();
  }
}

/** One distribution over the whole vocabulary. */
export function ask(engine: Engine, context: { ids: readonly number[] } | { text: string }) {
  const input = { ids: null, text: null, top_k: 100_000, temperature: 1, ...context };
  return engine.submit("next_token", input, { client: "test", signal: new AbortController().signal });
}
