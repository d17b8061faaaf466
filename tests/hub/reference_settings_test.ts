// The hub's variables against Python's huggingface_hub: the same random environments are given to both.
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { faultOf } from "../../lib/fault.ts";
import { HUB_VARIABLES, isTrue, readHubAddress, UNUSED_HUB_VARIABLES } from "../../lib/hub/fetch/settings.ts";
import { pythonTest, runPython } from "./python.ts";
import { withFolder } from "./support.ts";

const CASES = 1500;
const PATHS = [
  "~",
  "~/hf",
  "$SCRATCH/hf",
  "${SCRATCH}x",
  "/x/${}/y",
  "/x/$UNSET/${ALSO}",
  "a/~/b",
  "/x//y/../z/",
  "rel",
  "$HF_HOME/h",
];
const FLAGS = ["0", "1", "TRUE", "on", "yes", "no", "2", "True"];
const TOKENS = ["hf_abc", " hf_abc\n", "hf_\nabc", "hf_\r\nabc\r\n", "  ", "\n", "hf_a bc", "hf_é"];
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  HF_HOME: PATHS,
  HF_HUB_CACHE: PATHS,
  HUGGINGFACE_HUB_CACHE: PATHS,
  XDG_CACHE_HOME: PATHS,
  HF_TOKEN_PATH: [
    ...["one", "two", "spaced", "empty", "lines", "none", "folder"].map((name) => `$TOKENS_AT/${name}`),
    "~/token",
  ],
  HF_TOKEN: TOKENS,
  HUGGING_FACE_HUB_TOKEN: TOKENS,
  HF_HUB_DISABLE_IMPLICIT_TOKEN: FLAGS,
  HF_HUB_OFFLINE: FLAGS,
  TRANSFORMERS_OFFLINE: FLAGS,
  HF_HUB_DISABLE_SYMLINKS: FLAGS,
  HF_HUB_DISABLE_PROGRESS_BARS: FLAGS,
  HF_HUB_ETAG_TIMEOUT: ["1", " 20 ", "0", "+7", "007", "x", "1.5", "-3"],
  HF_HUB_DOWNLOAD_TIMEOUT: ["1", " 20 ", "0", "+7", "007", "x", "1.5", "-3"],
  HF_ENDPOINT: ["http://127.0.0.1:8080/", "https://mirror.example/hub//", "https://huggingface.co"],
  HF_HUB_USER_AGENT_ORIGIN: ["lab", "my lab/2"],
};

type Environment = Record<string, string>;

/** Environments by one seed: each variable is there in one of three. */
function environments(count: number, folder: string): Environment[] {
  let state = 12011;
  const below = (limit: number) => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 8) % limit;
  return Array.from({ length: count }, () => {
    const env: Environment = { HOME: join(folder, "home"), SCRATCH: "/scratch", TOKENS_AT: folder };
    for (const [name, values] of Object.entries(CHOICES)) {
      if (below(3) === 0) env[name] = values[below(values.length)]!;
    }
    return env;
  });
}

async function ours(env: Environment): Promise<object> {
  const address = await readHubAddress((name) => env[name]);
  const said = (name: string, limit: number) => /[1-9]/.test(env[name] ?? "") ? limit : 0;
  return {
    endpoint: address.endpoint,
    cacheFolder: address.cacheFolder,
    token: address.token,
    offline: address.offline,
    origin: /; origin\/(.*)$/.exec(address.userAgent)?.[1] ?? null,
    symlinks: address.symlinks,
    answer: said("HF_HUB_ETAG_TIMEOUT", address.limits.answer),
    idle: said("HF_HUB_DOWNLOAD_TIMEOUT", address.limits.idle),
    quiet: isTrue(env.HF_HUB_DISABLE_PROGRESS_BARS ?? null),
  };
}

/** What is refused here, by name, though huggingface_hub takes it: such a token or time is a mistake. */
function isRefusal(error: unknown): boolean {
  return faultOf(error)?.code === "invalid_request" &&
    /^(HF_TOKEN \(or the token file\) holds|HF_HUB_\w+ must be|The token file .* cannot be read)/.test(
      (error as Error).message,
    );
}

// They belong to programs that are built with the package (Spaces, webhooks, CI, notebooks), or say how it prints.
const OTHERS =
  /^(ACTIONS_|GITHUB_|OAUTH_|OPENID_|SPACE_|WEBHOOK_|CLAUDE_|VERTEX_|TQDM_|SHELL$|NO_COLOR$|EAGER_IMPORT$)/;

pythonTest("every variable that huggingface_hub reads is read here, or README says why not", async () => {
  const named = [
    ...HUB_VARIABLES,
    ...UNUSED_HUB_VARIABLES.flatMap(([names]) => names),
    "HF_HUB_DISABLE_PROGRESS_BARS",
  ];
  const names: string[] = JSON.parse(await runPython("reference_settings.py", ["names"]));
  assert.ok(names.includes("HF_HUB_OFFLINE"));
  assert.deepEqual(names.filter((name) => !OTHERS.test(name) && !named.includes(name)), []);
});

pythonTest("random environments mean what they mean in huggingface_hub", () =>
  withFolder(async (folder) => {
    const files = {
      one: "hf_one",
      two: "hf_two\n",
      spaced: "  hf_three \r\n",
      empty: "\n",
      lines: "hf_\nfour\n",
    };
    await Deno.mkdir(join(folder, "folder"));
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
    const envs = environments(CASES, folder);
    const answers = JSON.parse(
      await runPython("reference_settings.py", [], { input: JSON.stringify(envs), cwd: resolve(".") }),
    );
    let compared = 0, refused = 0;
    for (const [at, env] of envs.entries()) {
      const expected = answers[at];
      try {
        const found = await ours(env);
        assert.equal(expected.error, undefined, `refused there: ${JSON.stringify(env)}`);
        assert.deepEqual(found, expected, JSON.stringify(env));
        compared++;
      } catch (error) {
        if (error instanceof assert.AssertionError || !isRefusal(error)) throw error;
        refused++;
      }
    }
    assert.ok(compared > CASES / 3 && refused > 0, `${compared} compared, ${refused} refused`);
  }));
