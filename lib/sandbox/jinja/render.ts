// One chat template rendered as Transformers renders it: Jinja2 with trim_blocks, lstrip_blocks and loop controls,
// in its sandbox, with raise_exception, strftime_now and tojson.
import { messageOf } from "../../basics/message_of.ts";
import { fault } from "../../fault.ts";
import { Budget } from "./budget.ts";
import type { Environment } from "./environment.ts";
import { filters } from "./filters.ts";
import { globalValues, REFUSAL } from "./globals.ts";
import { interpret } from "./interpreter.ts";
import { bind } from "./python/arguments.ts";
import { unmarkKey } from "../../basics/key_order.ts";
import { toValue } from "./python/collections.ts";
import { hashKey, textOf, type Value } from "./python/values.ts";
import { Scope } from "./scope.ts";
import type { Body, Names } from "./syntax/nodes.ts";
import { parseTemplate } from "./syntax/parse.ts";
import { tests } from "./tests.ts";

/** A chat template and what it may read: plain data, never functions. */
export interface ChatTemplateJob {
  readonly template: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Characters of a template: the longest that are known have some ten thousands. */
const MOST_CHARACTERS = 2 ** 20;

const names: Names = {
  filters: new Set(Object.keys(filters)),
  tests: new Set([...Object.keys(tests), "filter", "test"]),
};

/** Filters and tests that count into a budget: `map` and its like call them for each item. */
function createEnvironment(budget: Budget): Environment {
  const environment: Environment = {
    filter(name, value, args) {
      if (!names.filters.has(name)) throw new Error(`No filter named '${name}'`);
      return budget.spend(filters[name]!(budget.spend(value), args, environment));
    },
    test(name, value, args) {
      if (!names.tests.has(name)) throw new Error(`No test named '${name}'`);
      if (name !== "filter" && name !== "test") return tests[name]!(budget.spend(value), args, environment);
      bind(name, "", args);
      hashKey(value); // it is looked up in a dict
      return names[`${name}s`].has(textOf(value) ?? "");
    },
  };
  return environment;
}

/** Text of a template over its variables, in at most so many milliseconds. Throws faults: `unsupported` for a template
 * that can't be read, `invalid_request` (field `messages`) where it refuses its messages or stumbles over them. */
export function renderChatTemplate(
  { template, variables }: ChatTemplateJob,
  milliseconds = Infinity,
): string {
  const body = parseCached(template);
  const globals = new Scope(null, Object.entries(globalValues));
  const given = Object.entries(variables).map((
    [name, data],
  ): [string, Value] => [unmarkKey(name), toValue(data)]);
  try {
    const budget = new Budget(milliseconds);
    return interpret(body, createEnvironment(budget), budget, new Scope(globals, given));
  } catch (error) {
    const message = messageOf(error);
    const sentence = error instanceof Error && error.cause === REFUSAL
      ? "The chat template refuses these messages"
      : "The chat template can't render these messages";
    throw fault("invalid_request", `${sentence}: ${message.replace(/\.?$/, ".")}`, "messages");
  }
}

function parseCached(template: string): Body {
  if (template.length > MOST_CHARACTERS) {
    const message =
      `The chat template has ${template.length} characters, more than the ${MOST_CHARACTERS} that are read.`;
    throw fault("unsupported", message);
  }
  try {
    return parseTemplate(template, names);
  } catch (error) {
    const message = messageOf(error);
    throw fault("unsupported", `The chat template can't be read: ${message.replace(/\.?$/, ".")}`);
  }
}
