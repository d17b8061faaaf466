// The command line.
import { parseArgs } from "node:util";
import type { Part } from "./part.ts";

export interface Options {
  readonly only: readonly string[]; // empty = all that run by default
  readonly quick: boolean;
  readonly json: string | null; // "-" = stdout
  readonly compare: string | null;
  readonly reference: string | null;
  readonly help: boolean;
}

/** Reads the arguments. Throws an Error with a sentence for an unknown option or part. */
export function parseOptions(args: readonly string[], parts: readonly Part[]): Options {
  const { values } = parseArgs({
    args: withJsonValue(args),
    strict: true,
    options: {
      only: { type: "string", multiple: true },
      quick: { type: "boolean" },
      json: { type: "string" },
      compare: { type: "string" },
      reference: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const only = (values.only ?? []).flatMap((names) => names.split(",")).filter((name) => name !== "");
  const unknown = only.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) throw new Error(`There is no part ${unknown}; --help lists them.`);
  return {
    only,
    quick: values.quick ?? false,
    json: values.json ?? null,
    compare: values.compare ?? null,
    reference: values.reference ?? null,
    help: values.help ?? false,
  };
}

/** `--json` without a path means stdout. */
function withJsonValue(args: readonly string[]): string[] {
  return args.flatMap((argument, at) => {
    const next = args[at + 1];
    const alone = argument === "--json" && (next === undefined || next.startsWith("--"));
    return alone ? ["--json=-"] : [argument];
  });
}

/** What `--help` prints. */
export function helpText(parts: readonly Part[]): string {
  const list = parts.map(({ name, about, byDefault }) =>
    `  ${name.padEnd(14)}${about}${byDefault ? "" : " (only when named)"}`
  );
  return `deno task bench [options]

  --only NAME,NAME    these parts alone
  --quick             fewer rounds and sizes
  --json [PATH]       the result as JSON, to PATH or (the tables then to stderr) to stdout
  --compare PATH      ratios to an earlier result
  --reference PATH    the ONNX Runtime engine to hold clicks over HTTP against; without it that is left out

Parts:
${list.join("\n")}`;
}
