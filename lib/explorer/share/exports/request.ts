// The present request as something to run elsewhere: a curl command, a Python program without packages.

export interface RequestExport {
  /** Where the server is: "http://127.0.0.1:8000". */
  readonly origin: string;
  /** "/api/preview" */
  readonly path: string;
  readonly body: unknown;
  /** What stands in a comment, and the same request by text; null: `body` says the text itself. */
  readonly about: { readonly text: string; readonly model: string; readonly byText: unknown } | null;
}

/** Comments, as shells and Python have them, of what the request is about. */
function writeHeading({ about }: RequestExport): string {
  if (about === null) return "";
  return `# Text: ${
    JSON.stringify(about.text)
  }\n# Model: ${about.model}. Its token ids make the request exact.\n`;
}

/** A program as a comment. */
function commentOut(text: string): string {
  return text.trimEnd().split("\n").map((line) => `# ${line}`.trimEnd()).join("\n") + "\n";
}

/** A curl command for a POSIX shell; the same by text stands behind it as a comment. */
export function curlOf(request: RequestExport): string {
  const { about, body } = request;
  const byText = about === null
    ? ""
    : `# The same by text:\n${commentOut(writeCommand(request, about.byText))}`;
  return writeHeading(request) + writeCommand(request, body) + byText;
}

function writeCommand({ origin, path }: RequestExport, body: unknown): string {
  return [
    `curl -sS ${quoteForShell(origin + path)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  --data-raw ${quoteForShell(compactJson(body))}`,
    "",
  ].join("\n");
}

/** JSON to read: indented, but lists of numbers on one line: a text has hundreds of ids. (A line break inside a JSON
 * string is written \n: those that are matched are all the indentation's.) */
export function compactJson(body: unknown): string {
  return JSON.stringify(body, null, 2).replace(
    /\[\n\s+(-?[\d.e+-]+(?:,\n\s+-?[\d.e+-]+)*)\n\s*\]/g,
    (_, numbers: string) => `[${numbers.replace(/\n\s+/g, " ")}]`,
  );
}

/** A Python 3 program that sends the request and prints the candidates. */
export function pythonOf(exported: RequestExport): string {
  const { origin, path, body, about } = exported;
  const byText = about === null
    ? ""
    : `# The same by text:\n${commentOut(`body = ${writePython(about.byText)}`)}`;
  return `${writeHeading(exported)}import json
import urllib.request

body = ${writePython(body)}
${byText}request = urllib.request.Request(
    ${writePython(origin + path)},
    data=json.dumps(body).encode(),
    headers={"Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
for token in answer["dist"]["tokens"]:
    print(f'{token["p_final"]:8.4%}  {token["id"]:6d}  {token["text"]!r}')
`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** JSON as a Python literal: every JSON string is a Python string, only the three names differ. Undefined values are
 * left out, as JSON does. */
export function writePython(value: unknown, indent = ""): string {
  if (value === null || value === undefined) return "None";
  if (value === true || value === false) return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}    `;
  const list = Array.isArray(value);
  const items = list
    ? value.map((item) => writePython(item, inner))
    : Object.entries(value).filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${JSON.stringify(key)}: ${writePython(item, inner)}`);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  const short = `${open}${items.join(", ")}${close}`;
  const numbers = list && value.every((item) => typeof item === "number");
  if (numbers || (short.length <= 80 && !short.includes("\n"))) return short;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close}`;
}
