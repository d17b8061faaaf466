// Validates a request and says in one sentence what is wrong with it. The sentence is made from the JSON Schema of
// the field, so that it always says the same as the OpenAPI document.
import { z } from "zod";
import { findNearName } from "../../basics/near_name.ts";
import { apiFault } from "./errors.ts";
import { describeRequirement, findValue, listFieldsNear, type Node, type Path } from "./requirement.ts";

/** The request in its schema's shape, defaults filled in; throws invalid_request with the field's path. */
export function parseRequest<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = chooseIssue(result.error.issues, body);
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0]! : null;
  const field = pathText(unknown === null ? issue.path : [...issue.path, unknown]);
  const sentence = unknown !== null
    ? describeUnknownField(unknown, listFieldsNear(requirementsOf(schema), body, issue.path))
    : issue.code === "custom"
    ? issue.message
    : issue.code === "invalid_key"
    ? `The names in ${pathText(issue.path.slice(0, -1))} must not be empty.`
    : explainRequirement(schema, body, issue.path);
  throw apiFault("invalid_request", sentence, field === "" ? undefined : field);
}

/** The first is enough, and there may be very many. What is missing may be there under another name. */
function chooseIssue(issues: readonly z.core.$ZodIssue[], body: unknown): z.core.$ZodIssue {
  const [first] = issues as [z.core.$ZodIssue];
  return findValue(body, first.path) === undefined
    ? issues.find(({ code }) => code === "unrecognized_keys") ?? first
    : first;
}

/** The sentence about a field that nothing reads; `names`: those that are read. */
export function describeUnknownField(name: string, names: readonly string[]): string {
  const near = findNearName(name, names);
  const meant = near === null ? "" : ` Did you mean ${near}?`;
  return `There is no field ${JSON.stringify(name.slice(0, 60))} here.${meant}`;
}

/** ["ids", 3] -> "ids[3]". */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

/** What each schema asks for, of requests that were refused: to convert one takes a millisecond. */
const requirements = new WeakMap<z.ZodType, Node>();

function requirementsOf(schema: z.ZodType): Node {
  const known = requirements.get(schema);
  if (known !== undefined) return known;
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node;
  requirements.set(schema, root);
  return root;
}

function explainRequirement(schema: z.ZodType, body: unknown, path: Path): string {
  const subject = path.length === 0 ? "The body" : pathText(path);
  return `${subject} must be ${describeRequirement(requirementsOf(schema), body, path)}.`;
}
