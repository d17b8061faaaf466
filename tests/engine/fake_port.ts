// A worker in the same thread: a real Host over a model without weights, and the levers a test needs.
import { fakeAttribution } from "../fake_attribution.ts";
import { DistributionCache } from "../../lib/decode/distribution_cache.ts";
import { Turns } from "../../lib/basics/turns.ts";
import { VocabularyIndex } from "../../lib/decode/vocabulary_index.ts";
import type { ModelLists } from "../../lib/hub/model_lists.ts";
import { Host, type OpenFunction } from "../../lib/worker/host.ts";
import { LogitsSource } from "../../lib/worker/logits/logits_source.ts";
import { startJob } from "../../lib/worker/jobs.ts";
import type { OpenModel } from "../../lib/worker/opening/assemble.ts";
import type { FromWorker, LoadSpec, ToWorker, WorkerPort } from "../../lib/protocol/messages.ts";
import type { ModelInfo } from "../../lib/protocol/model_info.ts";
import type { TextCodec } from "../../lib/text/types.ts";
import { FAKE_INFO } from "../fakes.ts";
import { createFakeRunner, type FakeRunner } from "../fake_runner.ts";
import { specFor } from "./spec.ts";

export const SPEC: LoadSpec = specFor(FAKE_INFO.id);

/** Nothing to list. */
export const NO_MODEL_LISTS: ModelLists = {
  models: () => Promise.resolve([]),
  variants: (id) => Promise.reject(new Error(`No model ${id}.`)),
};

/** Every character is a token: its code modulo 32. */
const codec: TextCodec = {
  unlisted: [],
  size: 32,
  // deno-lint-ignore require-yield -- it is known at once
  *leastTokens() {
    return 0;
  },
  // deno-lint-ignore require-yield -- one slice
  *encodeInSlices(text) {
    return { ids: this.encode(text), complete: true };
  },
  // deno-lint-ignore require-yield -- one slice
  *decodeInSlices(ids) {
    return this.decode(ids);
  },
  // deno-lint-ignore require-yield -- one slice
  *tokenJsonInSlices(ids, { before, after }) {
    return new TextEncoder().encode(before + JSON.stringify(this.tokensOf(Array.from(ids))) + after);
  },
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)! % 32),
  covers: () => true,
  has: (id) => id < 32,
  isSpecial: () => false,
  bytes: (id) => Uint8Array.of(64 + id),
  single: (id) => token(id, 0),
  decode: (ids) => ids.map((id) => String.fromCharCode(64 + id)).join(""),
  tokensOf: (ids, from = 0) => ids.map(token).slice(from),
};

function token(id: number, offset: number) {
  const text = String.fromCharCode(64 + id);
  return { id, text, display: text, special: false, bytes: [64 + id], offset };
}

export interface FakePort extends WorkerPort {
  readonly runner: FakeRunner;
  readonly received: ToWorker[];
  /** False after its end or death. */
  readonly alive: boolean;
  /** The worker dies as if of an uncaught error. */
  die(reason: string): void;
}

/** How a fake load goes: what it gives, or how it comes to that. */
export type FakeLoad = ModelInfo | Error | ((...of: Parameters<OpenFunction>) => Promise<ModelInfo>);

const NO_SPECULATION: OpenModel["speculation"] = { pause: () => Promise.resolve(), resume: () => {} };

/** `reusable`: it can begin anew after it has stopped. */
export function createFakePort(
  load: FakeLoad = FAKE_INFO,
  speculation = NO_SPECULATION,
  reusable = false,
): FakePort {
  const runner = createFakeRunner();
  const received: ToWorker[] = [];
  let alive = true;
  let onMessage: (message: FromWorker) => void = () => {};
  let onDeath: (reason: string) => void = () => {};
  const open: OpenFunction = async (...of) => {
    const info = typeof load === "function" ? await load(...of) : load;
    if (info instanceof Error) throw info;
    return modelOver(runner, info, speculation);
  };
  const post = (message: FromWorker) => queueMicrotask(() => alive && onMessage(structuredClone(message)));
  const startHost = () => new Host(post, open, () => Promise.resolve({ startJob }), end);
  let host = startHost();
  function end(): void {
    host = startHost();
    post({ type: "stopped", reusable });
  }
  return {
    runner,
    received,
    post(message) {
      received.push(message);
      if (alive) queueMicrotask(() => host.receive(structuredClone(message)));
    },
    listen(hear, bury) {
      onMessage = hear;
      onDeath = bury;
    },
    terminate: () => alive = false,
    get alive() {
      return alive;
    },
    die(reason) {
      alive = false;
      onDeath(reason);
    },
  };
}

function modelOver(
  runner: FakeRunner,
  info: ModelInfo,
  speculation: OpenModel["speculation"],
): OpenModel {
  const source = new LogitsSource(runner, 1e6);
  return {
    info,
    atOnce: runner.atOnce,
    language: {
      id: info.id,
      modelKey: info.modelKey,
      tokenizerKey: info.tokenizerKey,
      device: info.backend.device,
      arithmetic: info.backend.arithmetic,
      codec,
      turns: new Turns(),
      chat: null,
      distributions: new DistributionCache(),
      tokenizerInfo: { tokenizer_class: null, tokens: {}, chat_template: null },
      attribution: fakeAttribution(),
      constraints: { at: () => Promise.reject(new Error("No constraint is asked for here.")) },
      vocabulary: new VocabularyIndex(codec, runner.vocabSize, () => Promise.resolve([])),
      vocabSize: runner.vocabSize,
      contextLength: 4096,
      eosTokenIds: [0],
      logits: source,
    },
    speculation,
    get counters() {
      return source.counters;
    },
    close: () => Promise.resolve(source.clear()),
  };
}
