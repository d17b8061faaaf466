// The text that `--help` prints, made from the table of variables.

/** The part of a variable that the help shows. */
interface Explained {
  readonly name: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly meaning: string;
}

/** Variables of Hugging Face's own tools; lib/hub/fetch/settings.ts reads them as those do. */
export const HUB_HELP: readonly Explained[] = [
  {
    name: "HF_HOME",
    fallback: "~/.cache/huggingface",
    allowed: "the path of a folder",
    meaning: "Where fetched models are kept (below hub/) and the token lies.",
  },
  {
    name: "HF_HUB_CACHE",
    fallback: "hub below HF_HOME",
    allowed: "the path of a folder",
    meaning: "Where fetched models are kept; shared with Python's tools.",
  },
  {
    name: "HF_TOKEN",
    fallback: "the file token below HF_HOME, or the one HF_TOKEN_PATH names",
    allowed: "a token of the hub",
    meaning: "Opens models that ask for an account.",
  },
  {
    name: "HF_HUB_OFFLINE",
    fallback: "0",
    allowed: "1 or 0",
    meaning: "1: no request to the hub; only what is here can be loaded.",
  },
  {
    name: "HF_ENDPOINT",
    fallback: "https://huggingface.co",
    allowed: "an http or https address",
    meaning: "The hub that models are fetched from, such as a mirror.",
  },
  {
    name: "HTTPS_PROXY",
    fallback: "none",
    allowed: "the address of a proxy",
    meaning: "The way to the hub; NO_PROXY names hosts that need none.",
  },
];

const COMMANDS = `Next Token: type a prompt, see the probability of every next token, click one.

Commands
  npx -y deno@2.9.6 task start    Start it, then open http://127.0.0.1:5005 (with Deno: deno task start)
  npx -y deno@2.9.6 task test     Run the tests (with Deno: deno task test)

Environment variables
`;

/** Commands and variables, at most 110 columns wide. */
export function formatTable(variables: readonly Explained[]): string {
  const width = Math.max(...variables.map((variable) => variable.name.length)) + 2;
  const indent = " ".repeat(width + 2);
  const rows = variables.map(({ name, fallback, allowed, meaning }) =>
    `  ${name.padEnd(width)}${meaning}\n${indent}Default: ${fallback}.\n${indent}Allowed: ${allowed}.`
  );
  return `${COMMANDS}${rows.join("\n")}\n`;
}
