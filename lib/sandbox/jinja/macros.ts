// Macros and the `caller` of call blocks, with arguments as Jinja2's Macro takes them.
import { findOwn } from "../../basics/find_own.ts";
import { quote } from "./python/repr.ts";
import { withFallback } from "./python/collections.ts";
import { type Arguments, Dict, Host, Tuple, Undefined, type Value } from "./python/values.ts";
import type { Body, Expression, Signature } from "./syntax/nodes.ts";

export interface MacroParts {
  readonly name: string;
  readonly signature: Signature;
  readonly body: Body;
  /** Renders the body with these variables; `defaults` are evaluated among them, in order. */
  readonly render: (variables: readonly MacroVariable[]) => string;
}

/** A variable of a macro: its value, or the expression that it is by default. */
export type MacroVariable = readonly [name: string, value: Value | { readonly fallback: Expression }];

const special = ["caller", "kwargs", "varargs"] as const;

/** A macro as a callable value. Calling it throws as Jinja2 does for arguments that do not fit. */
export function createMacro({ name, signature, body, render }: MacroParts): Host {
  const used = new Set(special.filter((one) => !signature.names.includes(one) && mentions(body, one)));
  const members: Readonly<Record<string, Value>> = {
    name,
    arguments: new Tuple(signature.names),
    catch_kwargs: used.has("kwargs"),
    catch_varargs: used.has("varargs"),
    caller: used.has("caller"),
  };
  return new Host({
    type: "Macro",
    repr: () => `<Macro ${quote(name)}>`,
    member: (member) => findOwn(members, member),
    call: (args) => render(variablesOf(name, signature, used, args)),
  });
}

function variablesOf(
  name: string,
  { names, defaults }: Signature,
  used: ReadonlySet<string>,
  { positional, named }: Arguments,
): MacroVariable[] {
  const rest = new Map(named);
  const variables = names.map((argument, at): MacroVariable => {
    const value = at < positional.length ? positional[at] : rest.get(argument);
    if (at >= positional.length) rest.delete(argument);
    if (value !== undefined) return [argument, value];
    const fallback = defaults[at - names.length + defaults.length];
    return [
      argument,
      fallback === undefined ? new Undefined(`parameter ${quote(argument)} was not provided`) : { fallback },
    ];
  });
  if (used.has("caller")) {
    variables.push(["caller", withFallback(rest.get("caller"), () => new Undefined("No caller defined"))]);
    rest.delete("caller");
  }
  if (used.has("kwargs")) variables.push(["kwargs", new Dict(rest)]);
  else {for (const key of rest.keys()) {
      throw new Error(`macro ${quote(name)} takes no keyword argument ${quote(key)}`);
    }}
  if (used.has("varargs")) variables.push(["varargs", new Tuple(positional.slice(names.length))]);
  else if (positional.length > names.length) {
    throw new Error(`macro ${quote(name)} takes not more than ${names.length} argument(s)`);
  }
  return variables;
}

/** Whether a name is read anywhere below. */
function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((one) => mentions(one, name));
  if (typeof node !== "object" || node === null) return false;
  if ("type" in node && node.type === "Name" && "name" in node) return node.name === name;
  return Object.values(node).some((one) => mentions(one, name));
}
