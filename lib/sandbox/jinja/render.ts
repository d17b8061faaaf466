// One chat template rendered as Transformers renders it: Jinja2 with trim_blocks, lstrip_blocks and loop controls,
// in its sandbox, with raise_exception, strftime_now and tojson.
import { messageOf } from "../../basics/message_of.ts";
import { Environment } from "@huggingface/jinja";
import { fault } from "../../fault.ts";
import type { ChatTemplateJob } from "../protocol.ts";
import { formatDate } from "./format.ts";
import { createInterpreter } from "./interpreter.ts";
import { splitArguments } from "./methods.ts";
import { parseTemplate, type Program } from "./parse.ts";
import { pythonText } from "./python.ts";
import { boolean, callable, integer, isInteger, list, mapping, none, text, type Value } from "./values.ts";

/** Jinja2's own sandbox has the same limit. */
const longestRange = 100_000;

/** Text of a template over its variables. Throws faults: `unsupported` for a template that can't be read,
 * `invalid_request` (field `messages`) where it refuses its messages or stumbles over them. */
export function renderChatTemplate({ template, variables }: ChatTemplateJob): string {
  const program = parsed(template);
  const globals = new Environment();
  for (const [name, value] of Object.entries(globalValues)) globals.variables.set(name, value as never);
  const scope = new Environment(globals);
  scope.variables.clear(); // else a variable called `namespace` would be declared twice
  for (const [name, value] of Object.entries(variables)) scope.set(name, value);
  try {
    return pythonText(createInterpreter(scope).run(program));
  } catch (error) {
    const message = messageOf(error);
    const refused = error instanceof Error && error.cause === "raise_exception";
    const sentence = refused
      ? "The chat template refuses these messages"
      : "The chat template can't render these messages";
    throw fault("invalid_request", `${sentence}: ${message.replace(/\.?$/, ".")}`, "messages");
  }
}

function parsed(template: string): Program {
  try {
    return parseTemplate(template);
  } catch (error) {
    const message = messageOf(error);
    throw fault("unsupported", `The chat template can't be read: ${message.replace(/\.?$/, ".")}`);
  }
}

const globalValues: Readonly<Record<string, Value>> = {
  true: boolean(true),
  True: boolean(true),
  false: boolean(false),
  False: boolean(false),
  none,
  None: none,
  raise_exception: callable(([message = none]) => {
    throw new Error(pythonText(message), { cause: "raise_exception" });
  }),
  strftime_now: callable(([format = text("%Y-%m-%d")]) => text(formatDate(new Date(), pythonText(format)))),
  range: callable((args) => list(range(args.filter(isInteger).map(({ value }) => value)))),
  dict: callable((args) => mapping(new Map(splitArguments(args).named))),
};

function range([first = 0, second, step = 1]: readonly number[]): Value[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new Error("range() arg 3 must not be zero");
  const count = Math.max(Math.ceil((stop - start) / step), 0);
  if (count > longestRange) {
    throw new Error(`Range too big. The sandbox blocks ranges larger than ${longestRange}`);
  }
  return Array.from({ length: count }, (_, i) => integer(start + i * step));
}
