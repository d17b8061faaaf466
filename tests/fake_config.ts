// A configuration for tests.
import type { Config } from "../lib/config/config.ts";
import { FAKE_MODEL_ID } from "./fake_model.ts";

/** A configuration as the defaults give it. */
export function fakeConfig(changes: Partial<Config> = {}): Config {
  return {
    model: FAKE_MODEL_ID,
    remoteKey: null,
    modelsDir: null,
    variant: null,
    device: "auto",
    runner: "auto",
    threads: null,
    kvCacheBytes: 0,
    prefetch: false,
    logLevel: "error",
    port: 5005,
    host: "127.0.0.1",
    allowedHosts: [],
    allowedOrigins: [],
    basePath: "",
    trustProxy: false,
    ...changes,
  };
}
