// The text that `--help` prints, made from the table of variables.

/** The part of a variable that the help shows. */
export interface Explained {
  readonly name: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly meaning: string;
}

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
