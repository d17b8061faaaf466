// The tokens of a path as text. Most have their own; bytes of an unfinished character belong to the token that
// completes it, which only the path as a whole can tell.
import type { Token } from "../../wire/token.ts";
import { rootOf, stepsOf } from "./tree.ts";
import type { PromptSource, TreeNode } from "./types.ts";
import { toHexadecimal } from "../../basics/hexadecimal.ts";

const REPLACEMENT = "\uFFFD";

/** Every known token of a path with its text in that path: the texts joined are the text. */
export function pathTokensOf(node: TreeNode): Token[] {
  const tokens = [...rootOf(node).read?.tokens ?? [], ...stepsOf(node).map((step) => step.record.token)];
  return joinCharacters(tokens);
}

/** The text of a path; of a prompt that is not read yet, what it was made from. */
export function pathText(node: TreeNode): string {
  if (rootOf(node).read === null) return sourceText(rootOf(node).source);
  return pathTokensOf(node).map((token) => token.text).join("");
}

/** The text that was appended to the prompt. */
export function completionText(node: TreeNode): string {
  return joinCharacters(stepsOf(node).map((step) => step.record.token)).map((token) => token.text).join("");
}

/** What a prompt says, without a template. */
function sourceText(source: PromptSource): string {
  return source.kind !== "chat"
    ? source.text
    : source.messages.map((message) => message.content).join("\n\n");
}

/** Gives each run of tokens whose bytes are no text by themselves the characters that they make together. */
export function joinCharacters(tokens: readonly Token[]): Token[] {
  const joined = [...tokens];
  for (let start = 0; start < tokens.length; start++) {
    let end = start;
    while (end < tokens.length && isPiece(tokens[end]!)) end++;
    if (end === start) continue;
    decodeRun(tokens.slice(start, end)).forEach((token, at) => joined[start + at] = token);
    start = end;
  }
  return joined;
}

/** True where the bytes of a token are not a whole number of characters. */
function isPiece({ bytes, text, special }: Token): boolean {
  if (special || bytes.length === 0 || !bytes.some((byte) => byte >= 0x80)) return false;
  return text === "" || new TextDecoder().decode(Uint8Array.from(bytes)).includes(REPLACEMENT);
}

function decodeRun(run: readonly Token[]): Token[] {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return run.map((token, at) => {
    const last = at === run.length - 1;
    const text = decoder.decode(Uint8Array.from(token.bytes), { stream: !last });
    return text === token.text
      ? token
      : { ...token, text, display: text === "" ? toHexadecimal(token.bytes) : text };
  });
}
