// An engine over real workers whose lives are in a test's hand.
import { createEngine } from "../../lib/engine/engine.ts";
import type { LoadSpec, WorkerPort } from "../../lib/protocol/messages.ts";
import type { Engine } from "../../lib/engine/types.ts";
import { spawnTestWorker } from "../built_worker.ts";
import { NO_MODEL_LISTS } from "./fake_port.ts";
import { untilReady } from "./until_ready.ts";

/** A real worker that can be killed. */
export interface MortalWorker {
  /** Ends it from outside, as the system would; the engine hears of a death. */
  kill(): void;
  /** Makes it throw outside of any promise. */
  crash(): void;
}

export interface Workers {
  readonly engine: Engine;
  /** The worker that was started last. */
  readonly newest: () => MortalWorker;
  /** How many were started. */
  readonly started: () => number;
  readonly log: readonly string[];
  /** Resolves when a model is ready; throws why none will be. */
  ready(): Promise<void>;
}

/** Runs `work` with an engine that begins with `spec`, whose first model is ready. */
export async function withWorkers(spec: LoadSpec, work: (workers: Workers) => Promise<void>): Promise<void> {
  const workers: MortalWorker[] = [];
  const log: string[] = [];
  const spawn = () => {
    const { port, ...mortal } = mortalWorker();
    workers.push(mortal);
    return port;
  };
  const engine = createEngine({
    ...{ spec, spawn, modelLists: NO_MODEL_LISTS },
    log: (level, message) => log.push(`${level}: ${message}`),
  });
  const ready = () => untilReady(engine);
  try {
    await ready();
    await work({ engine, newest: () => workers.at(-1)!, started: () => workers.length, log, ready });
  } finally {
    await engine.close();
  }
}

function mortalWorker(): MortalWorker & { port: WorkerPort } {
  const worker = spawnTestWorker();
  let bury: (reason: string) => void = () => {};
  return {
    port: {
      ...worker,
      listen(onMessage, onDeath) {
        bury = onDeath;
        worker.listen(onMessage, onDeath);
      },
    },
    kill() {
      worker.terminate();
      bury("killed");
    },
    crash: () => worker.post(null as never),
  };
}

/** `count` ids below `vocabSize`, other ones for another seed. */
export function pathOf(count: number, seed: number, vocabSize: number): number[] {
  return Array.from({ length: count }, (_, i) => (i * 7919 + seed * 104_729) % vocabSize);
}
