// Every environment variable, parsed once. The table VARIABLES is the single source: for parsing, for the
// sentences about malformed values, and for `--help`.
import type { DeviceSetting } from "../wire/device.ts";
import { formatTable, HUB_HELP } from "./help.ts";
import { parseBasePath, parseHost, parseHostRule, parseOriginRule } from "./hosts.ts";
import { quantizationOf } from "../hub/folder/quantizations.ts";
import { parseThreadCount, THREADS_VARIABLE } from "../basics/thread_count.ts";
import { LOG_LEVELS, type LogLevel } from "../log.ts";

export const DEVICE_CHOICES = [
  "auto",
  "cpu",
  "webgpu",
  "cuda",
  "coreml",
  "dml",
  "mps",
] as const satisfies readonly DeviceSetting[];
const RUNNER_CHOICES = ["auto", "native", "addon"] as const;

export interface Config {
  /** A model of the hub (owner/name[@revision]), a bundled model's id, or a local folder in the same layout. */
  readonly model: string;
  /** For the engine that `model` names, where it names one. Neither logged nor answered. */
  readonly remoteKey: string | null;
  /** NEXTTOKEN_MODELS_DIR as it was written: further local models lie below it. */
  readonly modelsDir: string | null;
  /** Which of a model's files to take: a quantization by name; null leaves the choice to us. */
  readonly variant: string | null;
  readonly device: DeviceSetting;
  readonly runner: (typeof RUNNER_CHOICES)[number];
  /** Threads of a run; null: by the processors. Read anew for each session that is opened (lib/ort/threads.ts). */
  readonly threads: number | null;
  readonly kvCacheBytes: number;
  readonly prefetch: boolean;
  readonly logLevel: LogLevel;
  readonly port: number; // 0 = any free port
  readonly host: string; // an IPv6 address without brackets
  /** Hosts a request may name besides localhost and `host`: "name", "name:port" or "*" (any), lower case. */
  readonly allowedHosts: readonly string[];
  /** Foreign pages that may use the API: "https://name:port", "null" or "*" (any). */
  readonly allowedOrigins: readonly string[];
  /** What stands before every path, such as "/app"; "" for nothing. */
  readonly basePath: string;
  /** A proxy's X-Forwarded-Prefix says the base path, and of one on this computer X-Forwarded-For the client. */
  readonly trustProxy: boolean;
}

/** What the caller knows and the environment does not say. */
interface ConfigDefaults {
  readonly model: string;
  /** Memory of the machine in bytes, or null where it is not known. */
  readonly memoryBytes: number | null;
}

/** One environment variable: how it is read, and how it is explained. */
interface Variable<T> {
  readonly name: string;
  readonly fallback: string; // as the help shows it
  readonly allowed: string; // completes "… must be"
  readonly meaning: string;
  /** Its text is never shown. */
  readonly secret?: boolean;
  /** The value of a text, or null where it is malformed. Never called with an empty text. */
  readonly parse: (text: string) => T | null;
}

const MIB = 1024 * 1024;
const KV_CACHE_LIMIT_MB = 1024;

export const VARIABLES = {
  model: {
    name: "NEXTTOKEN_MODEL",
    fallback: "the bundled model",
    allowed: "a model id, a model folder, or llamacpp+http://host:port#owner/name",
    meaning: "The model to load.",
    parse: parseModel,
  },
  remoteKey: {
    name: "NEXTTOKEN_REMOTE_KEY",
    fallback: "none",
    allowed: "a key without spaces",
    meaning: "Sent to the engine that NEXTTOKEN_MODEL names, and nowhere else.",
    secret: true,
    parse: (text) => /^[\x21-\x7e]{1,4096}$/.test(text) ? text : null,
  },
  defaultModel: {
    name: "LLM_DEMO_DEFAULT_MODEL",
    fallback: "the bundled model",
    allowed: "a model id such as owner/name, or the path of a model folder",
    meaning: "The model to load where NEXTTOKEN_MODEL is not set.",
    parse: parseModel,
  },
  modelsDir: {
    name: "NEXTTOKEN_MODELS_DIR",
    fallback: "none",
    allowed: "the path of a folder",
    meaning: "A folder of further models: name or owner/name below it.",
    parse: parseModel,
  },
  variant: {
    name: "NEXTTOKEN_DTYPE",
    fallback: "auto",
    allowed: "auto, or a variant: fp32, fp16, q4, q4f16, q8, int8, uint8 or bnb4",
    meaning: "Which file of a model to take; auto chooses by device and size.",
    parse: (text) => text.toLowerCase() === "auto" ? "auto" : quantizationOf(text),
  },
  device: {
    name: "NEXTTOKEN_DEVICE",
    fallback: "auto",
    allowed: `one of ${DEVICE_CHOICES.join(", ")}`,
    meaning: "Where the model runs; auto takes the first that works.",
    parse: oneOf(DEVICE_CHOICES),
  },
  runner: {
    name: "NEXTTOKEN_RUNNER",
    fallback: "auto",
    allowed: `one of ${RUNNER_CHOICES.join(", ")}`,
    meaning: "How ONNX Runtime is called; auto tries native, then addon.",
    parse: oneOf(RUNNER_CHOICES),
  },
  threads: {
    name: THREADS_VARIABLE,
    fallback: "one for each physical core",
    allowed: "a whole number from 1 to 1024",
    meaning: "Threads that compute a token; fewer leave the rest to others.",
    parse: parseThreadCount,
  },
  kvCacheMb: {
    name: "NEXTTOKEN_KV_CACHE_MB",
    fallback: `a quarter of the memory, at most ${KV_CACHE_LIMIT_MB}`,
    allowed: "a whole number of MiB from 0 to 1048576",
    meaning: "Memory for keys and values of earlier texts; 0 keeps none.",
    parse: createNumberParser(1024 * 1024),
  },
  prefetch: {
    name: "NEXTTOKEN_PREFETCH",
    fallback: "1",
    allowed: "1 or 0",
    meaning: "1 computes likely next clicks while idle, 0 does not.",
    parse: parseYesOrNo,
  },
  logLevel: {
    name: "LLM_DEMO_LOG_LEVEL",
    fallback: "info",
    allowed: `one of ${LOG_LEVELS.join(", ")}`,
    meaning: "The least important lines that are logged.",
    parse: oneOf(LOG_LEVELS),
  },
  port: {
    name: "PORT",
    fallback: "5005",
    allowed: "a whole number from 0 to 65535",
    meaning: "The port to listen on; 0 takes any free port.",
    parse: createNumberParser(65535),
  },
  host: {
    name: "HOST",
    fallback: "127.0.0.1",
    allowed: "a host name or an IP address, without a port",
    meaning: "The address to listen on; 0.0.0.0 opens it to the network.",
    parse: parseHost,
  },
  allowedHosts: {
    name: "NEXTTOKEN_ALLOWED_HOSTS",
    fallback: "none",
    allowed: "names or name:port separated by commas, or *",
    meaning: "Names besides localhost and HOST by which browsers may reach it.",
    parse: listOf(parseHostRule),
  },
  allowedOrigins: {
    name: "NEXTTOKEN_ALLOWED_ORIGINS",
    fallback: "none",
    allowed: "origins such as http://localhost:3000 separated by commas, or *",
    meaning: "Other sites whose pages may use the API.",
    parse: listOf(parseOriginRule),
  },
  basePath: {
    name: "NEXTTOKEN_BASE_PATH",
    fallback: "none",
    allowed: "a path such as /app",
    meaning: "The path a reverse proxy serves it below.",
    parse: parseBasePath,
  },
  trustProxy: {
    name: "NEXTTOKEN_TRUST_PROXY",
    fallback: "0",
    allowed: "1 or 0",
    meaning: "1 believes X-Forwarded-Prefix and -For of a proxy here, which must write both.",
    parse: parseYesOrNo,
  },
} as const satisfies Record<string, Variable<unknown>>;

/** Reads the whole configuration. A variable that is empty counts as not set. Malformed values come back as
 * sentences, one a variable, each naming variable, value and what is allowed. */
export function readConfig(
  env: (name: string) => string | undefined,
  defaults: ConfigDefaults,
): Config | readonly string[] {
  const problems: string[] = [];
  const read = <T>(variable: Variable<T>): T | null => {
    const text = env(variable.name)?.trim() ?? "";
    if (text === "") return null;
    const value = variable.parse(text);
    if (value === null) {
      problems.push(
        `${variable.name} must be ${variable.allowed}, but is ${
          variable.secret ? "another text" : quote(text)
        }.`,
      );
    }
    return value;
  };
  const model = read(VARIABLES.model), defaultModel = read(VARIABLES.defaultModel);
  const kvCacheMb = read(VARIABLES.kvCacheMb);
  const config: Config = {
    model: model ?? defaultModel ?? defaults.model,
    remoteKey: read(VARIABLES.remoteKey),
    modelsDir: read(VARIABLES.modelsDir),
    variant: read(VARIABLES.variant),
    device: read(VARIABLES.device) ?? "auto",
    runner: read(VARIABLES.runner) ?? "auto",
    threads: read(VARIABLES.threads),
    kvCacheBytes: kvCacheMb === null ? chooseKvCacheBytes(defaults.memoryBytes) : kvCacheMb * MIB,
    prefetch: read(VARIABLES.prefetch) ?? true,
    logLevel: read(VARIABLES.logLevel) ?? "info",
    port: read(VARIABLES.port) ?? 5005,
    host: read(VARIABLES.host) ?? "127.0.0.1",
    allowedHosts: read(VARIABLES.allowedHosts) ?? [],
    allowedOrigins: read(VARIABLES.allowedOrigins) ?? [],
    basePath: read(VARIABLES.basePath) ?? "",
    trustProxy: read(VARIABLES.trustProxy) ?? false,
  };
  return problems.length === 0 ? config : problems;
}

/** True for what `readConfig` returns when it found something malformed. */
export function isMalformed(config: Config | readonly string[]): config is readonly string[] {
  return Array.isArray(config);
}

function parseYesOrNo(text: string): boolean | null {
  return text === "1" ? true : text === "0" ? false : null;
}

/** What is wrong with the arguments of the command line; null: they ask for help. */
export function describeUnknownArgument(args: readonly string[]): string | null {
  const unknown = args.find((argument) => argument !== "--help" && argument !== "-h");
  if (unknown === undefined) return null;
  return `${
    quote(unknown)
  } is no argument of Next Token: it takes --help alone, and environment variables say the rest, ` +
    "such as PORT=5006.";
}

/** What `--help` prints. */
export function helpText(): string {
  return formatTable([...Object.values(VARIABLES), ...HUB_HELP]);
}

function chooseKvCacheBytes(memoryBytes: number | null): number {
  const limit = KV_CACHE_LIMIT_MB * MIB;
  return memoryBytes === null ? limit : Math.min(limit, Math.floor(memoryBytes / 4));
}

function parseModel(text: string): string | null {
  // deno-lint-ignore no-control-regex -- a control character in a path or id is a mistake of the shell
  return text.length > 4096 || /[\x00-\x1f\x7f]/.test(text) ? null : text;
}

function oneOf<T extends string>(choices: readonly T[]): (text: string) => T | null {
  return (text) => choices.find((choice) => choice === text.toLowerCase()) ?? null;
}

function createNumberParser(highest: number): (text: string) => number | null {
  return (text) => /^\d{1,9}$/.test(text) && Number(text) <= highest ? Number(text) : null;
}

function listOf<T>(parse: (text: string) => T | null): (text: string) => T[] | null {
  return (text) => {
    const values = text.split(",").map((part) => part.trim()).filter((part) => part !== "").map(parse);
    return values.every((value) => value !== null) ? values : null;
  };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
