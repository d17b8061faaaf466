// What the tests of loading share: an engine over workers in the same thread whose loads go as a test says.
import { faultOf } from "../../lib/fault.ts";
import { createEngine } from "../../lib/engine/engine.ts";
import type { LoadSpec, ToWorker } from "../../lib/protocol/messages.ts";
import type { Engine, EngineStatus, LoadRequest } from "../../lib/engine/types.ts";
import type { ModelInfo } from "../../lib/protocol/model_info.ts";
import { FAKE_INFO } from "../fakes.ts";
import { createFakePort, type FakeLoad, type FakePort, NO_MODEL_LISTS, SPEC } from "./fake_port.ts";

export interface Bench {
  readonly engine: Engine;
  readonly ports: FakePort[];
  readonly lines: string[];
  readonly statuses: EngineStatus[];
}

/** Milliseconds; only what never ends waits so long. */
const RETIRE_TIMEOUT = 50;

/** An engine whose workers load as `loads` says, in order; the last one goes on for all that follow. */
export function start(...loads: FakeLoad[]): Bench {
  const ports: FakePort[] = [];
  const lines: string[] = [];
  const spawn = () => {
    const port = createFakePort(loads[Math.min(ports.length, loads.length - 1)]);
    ports.push(port);
    return port;
  };
  const log = (level: string, message: string) => lines.push(`${level}: ${message}`);
  const retireTimeout = RETIRE_TIMEOUT;
  const engine = createEngine({ spec: SPEC, spawn, modelLists: NO_MODEL_LISTS, log, retireTimeout });
  const statuses: EngineStatus[] = [];
  engine.subscribe((status) => statuses.push(status));
  return { engine, ports, lines, statuses };
}

export const named: FakeLoad = (spec: LoadSpec): Promise<ModelInfo> =>
  Promise.resolve({ ...FAKE_INFO, id: spec.model });

/** A load that waits for `gate`, and downloads meanwhile. */
export function gated(gate: Promise<void>): FakeLoad {
  return async (spec, post, signal) => {
    const left = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => left.reject(signal.reason), { once: true });
    for (const received of [10, 50]) {
      const progress = { phase: "downloading", file: "f", received, total: 100, bytesPerSecond: 5 } as const;
      post({ type: "loading", progress });
    }
    await Promise.race([gate, left.promise]);
    return { ...FAKE_INFO, id: spec.model };
  };
}

/** A load that cannot be interrupted: it goes on until `gate` opens, given up or not. */
export function stubborn(gate: Promise<void>): FakeLoad {
  return async (spec) => {
    await gate;
    return { ...FAKE_INFO, id: spec.model };
  };
}

export function until(engine: Engine, holds: (status: EngineStatus) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => holds(engine.status()) && (stop(), resolve());
    const stop = engine.subscribe(check);
    check();
  });
}

export const idOf = ({ model }: EngineStatus) => model.state === "ready" ? model.info.id : null;
export const settled = (engine: Engine) => until(engine, (status) => status.load === null);
export const request = (modelId: string, more: Partial<LoadRequest> = {}): LoadRequest => ({
  ...{ modelId, revision: null, variant: null, device: null },
  ...more,
});

export function ask(engine: Engine, text = "ab") {
  const input = { ids: null, top_k: 3, temperature: 1, text };
  return engine.submit("next_token", input, { client: "a", signal: new AbortController().signal });
}

export const code = (expected: string) => (error: unknown) => faultOf(error)?.code === expected;
export const specOf = (port: FakePort) => (port.received[0] as Extract<ToWorker, { type: "load" }>).spec;
