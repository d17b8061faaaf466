// What the tests of lib/hub share: a cache in a temporary folder, quick settings, a small repository.
import { create, toBinary } from "@bufbuild/protobuf";
import { join } from "node:path";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from "onnx-buf";
import { DEFAULT_LIMITS, type HubSettings } from "../../lib/hub/fetch/settings.ts";
import type { LoadProgress } from "../../lib/hub/folder/types.ts";
import { type FakeHub, fakeHub, type Repositories } from "./fake_hub.ts";

const FIXTURES = join(import.meta.dirname!, "..", "fixtures");
export const TINY = join(FIXTURES, "tiny-models");
export const CPU = { device: "cpu" } as const;

/** Settings for the hub at `endpoint`, with little patience. */
export function settingsFor(
  endpoint: string,
  cacheFolder: string,
  changes: Partial<HubSettings> = {},
): HubSettings {
  return {
    endpoint,
    cacheFolder,
    token: null,
    offline: false,
    userAgent: "next-token",
    symlinks: true,
    limits: { ...DEFAULT_LIMITS, attempts: 3, delay: 1, longestDelay: 5, idle: 2000 },
    freeBytes: () => Promise.resolve(null),
    ...changes,
  };
}

/** Options of a pull that nobody watches, or that collects into `progress`. */
export function quiet(progress: LoadProgress[] = [], signal: AbortSignal = new AbortController().signal) {
  return { signal, onProgress: (state: LoadProgress) => void progress.push(state) };
}

/** Runs `work` with a temporary folder. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `work` with a hub that has `repositories`, and settings for it over an empty cache. */
export async function withHub(
  repositories: Repositories,
  work: (hub: FakeHub, settings: HubSettings) => Promise<void>,
): Promise<void> {
  const hub = await fakeHub(repositories);
  try {
    await withFolder((cache) => work(hub, settingsFor(hub.url, cache)));
  } finally {
    await hub.close();
  }
}

/** Runs `work` while `object` has another method of this name. */
export async function withMethod(
  object: object,
  name: string,
  method: unknown,
  work: () => Promise<void>,
): Promise<void> {
  const own = Object.getOwnPropertyDescriptor(object, name)!;
  Object.defineProperty(object, name, { ...own, value: method });
  try {
    await work();
  } finally {
    Object.defineProperty(object, name, own);
  }
}

/** Bytes that look like nothing and are the same every time. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16);
}

/** The files of a folder as a repository holds them. */
export async function repositoryFrom(folder: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const prefix of ["", "onnx/"]) {
    for await (const entry of Deno.readDir(join(folder, prefix))) {
      if (entry.isFile) files[prefix + entry.name] = await Deno.readFile(join(folder, prefix, entry.name));
    }
  }
  return files;
}

/** A graph of one tensor a location, whose bytes lie there. */
export function graphNaming(...locations: readonly string[]): Uint8Array<ArrayBuffer> {
  const initializer = locations.map((value) =>
    create(TensorProtoSchema, {
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [create(StringStringEntryProtoSchema, { key: "location", value })],
    })
  );
  const graph = create(GraphProtoSchema, { initializer });
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph })) as Uint8Array<ArrayBuffer>;
}

/** One repository `acme/tiny` with a weights file of `bytes` bytes. */
export async function smallRepository(bytes = 100_000): Promise<Repositories> {
  const source = join(TINY, "tiny-gpt2");
  const read = (name: string) => Deno.readFile(join(source, name));
  return {
    "acme/tiny": {
      "config.json": await read("config.json"),
      "tokenizer.json": await read("tokenizer.json"),
      "README.md": new TextEncoder().encode("---\nlicense: mit\n---\n"),
      "onnx/model.onnx": graphNaming("model.onnx_data"),
      "onnx/model.onnx_data": noise(bytes),
    },
  };
}

export const WEIGHTS = "onnx/model.onnx_data";
