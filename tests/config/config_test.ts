import assert from "node:assert/strict";
import {
  describeUnknownArgument,
  helpText,
  isMalformed,
  readConfig,
  VARIABLES,
} from "../../lib/config/config.ts";
import { HUB_HELP } from "../../lib/config/help.ts";
import { HUB_VARIABLES, UNUSED_HUB_VARIABLES } from "../../lib/hub/fetch/settings.ts";
import { PATH_VARIABLES } from "../../lib/hub/fetch/variables.ts";
import type { Config } from "../../lib/config/config.ts";

const DEFAULTS = { model: "owner/bundled", memoryBytes: 2 ** 31 };
const MIB = 2 ** 20;

function read(env: Record<string, string>): Config {
  const config = readConfig((name) => env[name], DEFAULTS);
  if (isMalformed(config)) throw new Error(config.join("\n"));
  return config;
}

function complaints(env: Record<string, string>): readonly string[] {
  const config = readConfig((name) => env[name], DEFAULTS);
  return isMalformed(config) ? config : [];
}

Deno.test("an empty environment gives the defaults", () => {
  assert.deepEqual(read({}), {
    model: "owner/bundled",
    remoteKey: null,
    modelsDir: null,
    variant: null,
    device: "auto",
    runner: "auto",
    threads: null,
    kvCacheBytes: 512 * MIB, // a quarter of 2 GiB
    prefetch: true,
    logLevel: "info",
    port: 5005,
    host: "127.0.0.1",
    allowedHosts: [],
    allowedOrigins: [],
    basePath: "",
    trustProxy: false,
  });
});

Deno.test("empty and blank variables count as not set", () => {
  const blank = Object.fromEntries(Object.values(VARIABLES).map(({ name }) => [name, "  "]));
  assert.deepEqual(read(blank), read({}));
});

Deno.test("NEXTTOKEN_MODEL comes before LLM_DEMO_DEFAULT_MODEL, which comes before the bundled model", () => {
  assert.equal(read({ NEXTTOKEN_MODEL: "a/b", LLM_DEMO_DEFAULT_MODEL: "c/d" }).model, "a/b");
  assert.equal(read({ LLM_DEMO_DEFAULT_MODEL: "c/d" }).model, "c/d");
  assert.equal(read({ NEXTTOKEN_MODEL: "/models/my model" }).model, "/models/my model");
});

Deno.test("the KV cache's default is a quarter of the memory, at most 1024 MiB", () => {
  const bytes = (memoryBytes: number | null) => {
    const config = readConfig(() => undefined, { model: "a/b", memoryBytes });
    return isMalformed(config) ? null : config.kvCacheBytes;
  };
  assert.equal(bytes(2 ** 30), 256 * MIB);
  assert.equal(bytes(2 ** 36), 1024 * MIB);
  assert.equal(bytes(null), 1024 * MIB);
  assert.equal(read({ NEXTTOKEN_KV_CACHE_MB: "0" }).kvCacheBytes, 0);
  assert.equal(read({ NEXTTOKEN_KV_CACHE_MB: "2000" }).kvCacheBytes, 2000 * MIB);
});

Deno.test("values are taken in their usual spellings", () => {
  assert.equal(read({ NEXTTOKEN_DEVICE: "CUDA" }).device, "cuda");
  assert.equal(read({ NEXTTOKEN_DEVICE: "mps" }).device, "mps");
  assert.equal(read({ NEXTTOKEN_DTYPE: "AUTO" }).variant, "auto");
  assert.equal(read({ NEXTTOKEN_DTYPE: "Float16" }).variant, "fp16");
  assert.equal(read({ NEXTTOKEN_MODELS_DIR: "/my models" }).modelsDir, "/my models");
  assert.equal(read({ NEXTTOKEN_RUNNER: "addon" }).runner, "addon");
  assert.equal(read({ LLM_DEMO_LOG_LEVEL: "WARN" }).logLevel, "warn");
  assert.equal(read({ NEXTTOKEN_THREADS: " 2 " }).threads, 2);
  assert.equal(read({ NEXTTOKEN_PREFETCH: "0" }).prefetch, false);
  assert.equal(read({ NEXTTOKEN_BASE_PATH: "/tools/next/" }).basePath, "/tools/next");
  assert.equal(read({ PORT: "0" }).port, 0);
  assert.equal(read({ PORT: " 65535 " }).port, 65535);
  assert.equal(read({ HOST: "[::1]" }).host, "::1");
  assert.equal(read({ HOST: "::" }).host, "::");
  assert.equal(read({ HOST: "0.0.0.0" }).host, "0.0.0.0");
  assert.deepEqual(
    read({ NEXTTOKEN_ALLOWED_HOSTS: "192.168.1.5, Class.local:5005,[::1]:8080," }).allowedHosts,
    ["192.168.1.5", "class.local:5005", "[::1]:8080"],
  );
  assert.deepEqual(
    read({ NEXTTOKEN_ALLOWED_ORIGINS: "https://Example.org:443/, http://localhost:3000,null" })
      .allowedOrigins,
    ["https://example.org", "http://localhost:3000", "null"],
  );
  assert.deepEqual(read({ NEXTTOKEN_ALLOWED_HOSTS: "*", NEXTTOKEN_ALLOWED_ORIGINS: "*" }).allowedHosts, [
    "*",
  ]);
});

Deno.test("a malformed value gives a sentence with the variable, the value and what is allowed", () => {
  const malformed: Record<string, string[]> = {
    NEXTTOKEN_MODEL: ["a\nb"],
    NEXTTOKEN_REMOTE_KEY: [],
    LLM_DEMO_DEFAULT_MODEL: ["a\u0000b"],
    NEXTTOKEN_MODELS_DIR: ["a\nb"],
    NEXTTOKEN_DTYPE: ["q9", "constructor", "int5"],
    NEXTTOKEN_DEVICE: ["gpu", "constructor"],
    NEXTTOKEN_RUNNER: ["ffi"],
    NEXTTOKEN_THREADS: ["0", "-1", "1.5", "two", "1025"],
    NEXTTOKEN_KV_CACHE_MB: ["-1", "1.5", "1e3", "many", "99999999999"],
    NEXTTOKEN_PREFETCH: ["yes", "2"],
    LLM_DEMO_LOG_LEVEL: ["verbose"],
    NEXTTOKEN_BASE_PATH: ["app", "/a b", "/../x", "//x"],
    NEXTTOKEN_TRUST_PROXY: ["yes"],
    PORT: ["65536", "-1", "http", "5005.5", "0x10"],
    HOST: ["127.0.0.1:5005", "http://localhost", "a b", "a/b", "a@b"],
    NEXTTOKEN_ALLOWED_HOSTS: ["http://a", "a:99999", "a b", "good,b/ad"],
    NEXTTOKEN_ALLOWED_ORIGINS: ["a.b", "ftp://a.b", "http://a.b/path", "http://user@a.b", "http://a,:"],
  };
  const allowedOf = new Map<string, string>(
    Object.values(VARIABLES).map(({ name, allowed }) => [name, allowed]),
  );
  assert.deepEqual(Object.keys(malformed).sort(), [...allowedOf.keys()].sort());
  for (const [name, values] of Object.entries(malformed)) {
    for (const value of values) {
      assert.deepEqual(
        complaints({ [name]: value }),
        [`${name} must be ${allowedOf.get(name)}, but is ${JSON.stringify(value)}.`],
      );
    }
  }
});

Deno.test("every malformed variable is named at once", () => {
  assert.equal(complaints({ PORT: "x", HOST: "y z", NEXTTOKEN_DEVICE: "abacus" }).length, 3);
});

Deno.test("a malformed key is refused and not shown", () => {
  const problems = readConfig((name) => name === "NEXTTOKEN_REMOTE_KEY" ? "my secret" : undefined, {
    model: "owner/bundled",
    memoryBytes: null,
  });
  assert.deepEqual(problems, ["NEXTTOKEN_REMOTE_KEY must be a key without spaces, but is another text."]);
});

Deno.test("the help names both commands and every variable with its default, within 110 columns", () => {
  const help = helpText();
  assert.match(help, /npx -y deno@2\.9\.6 task start/);
  assert.match(help, /npx -y deno@2\.9\.6 task test/);
  for (const { name, fallback, allowed } of [...Object.values(VARIABLES), ...HUB_HELP]) {
    assert.match(help, new RegExp(`^  ${name} `, "m"));
    assert.ok(help.includes(`Default: ${fallback}.`), `${name}: ${fallback}`);
    assert.ok(help.includes(`Allowed: ${allowed}.`), `${name}: ${allowed}`);
  }
  assert.deepEqual(help.split("\n").filter((line) => line.length > 110), []);
});

Deno.test("README names every variable of the hub, those that say nothing here with the reason", async () => {
  const readme = (await Deno.readTextFile(new URL("../../README.md", import.meta.url))).replace(/\s+/g, " ");
  for (const name of HUB_VARIABLES.filter((name) => /^(HF|HUGGING|TRANSFORMERS)/.test(name))) {
    assert.match(readme, new RegExp(`\\b${name}\\b`), name);
  }
  for (const [names, because] of UNUSED_HUB_VARIABLES) {
    for (const name of names) assert.match(readme, new RegExp(`\\b${name}\\b`), name);
    assert.ok(readme.includes(because), because);
  }
});

Deno.test("the tasks that serve ask for nothing but their set, which names every variable that they may read", async () => {
  const text = await Deno.readTextFile(new URL("../../deno.json", import.meta.url));
  const { tasks, permissions } = JSON.parse(text);
  const ours = Object.values(VARIABLES).map(({ name }) => name);
  const others = ["ORT_DISABLE_TELEMETRY", "FORCE_COLOR", "NO_COLOR", "TERM"];
  const all = new Set<string>([...ours, ...HUB_VARIABLES, ...PATH_VARIABLES, ...others]);
  assert.deepEqual(permissions.serve.env.toSorted(), [...all].toSorted());
  for (const name of ["start", "dev"]) { // Fresh itself reads variables of its own: start:fresh allows all
    assert.match(tasks[name], / -P=serve /, name);
    assert.doesNotMatch(tasks[name], /--allow|-A\b/, name);
  }
});

Deno.test("an argument that is unknown is named, whatever stands beside it; help alone is known", () => {
  assert.equal(describeUnknownArgument(["--help"]), null);
  assert.equal(describeUnknownArgument(["-h", "--help"]), null);
  for (const args of [["--hlep"], ["start"], ["--help", "--port=3"], [""]]) {
    assert.match(
      describeUnknownArgument(args)!,
      /^".*" is no argument of Next Token: it takes --help alone.*PORT=5006\.$/,
    );
  }
});
