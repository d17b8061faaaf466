// Hints at the edge of a text: why the next token will be odd, and the one click that corrects it.
import type { Token } from "../../wire/token.ts";
import type { Term } from "../words/glossary.ts";

/** What one click does. */
export type Fix =
  /** The prompt becomes this text. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mode"; readonly mode: "text" | "chat" }
  /** Greedy tokens until the character is whole; it lacks at least `missing` bytes. */
  | { readonly kind: "complete"; readonly missing: number }
  /** A branch with the tokens that the tokenizer makes of the same text. */
  | { readonly kind: "retokenize" };

export interface Hint {
  readonly kind: "space" | "character" | "signs" | "tokens" | "template" | "no template";
  readonly text: string;
  /** What explains it. */
  readonly term: Term;
  readonly fixLabel: string;
  readonly fix: Fix;
}

export interface HintInput {
  readonly mode: "text" | "chat";
  /** The prompt as it is written, in text mode. */
  readonly prompt: string;
  /** The tokens of the path on the page, prompt first; null while there are none. */
  readonly tokens: readonly Token[] | null;
  /** What the tokenizer makes of the same text; null before that was asked. */
  readonly usualIds: readonly number[] | null;
  readonly model: { readonly id: string; readonly hasChatTemplate: boolean } | null;
}

/** Every hint that holds now, the most important first. */
export function hintsOf(input: HintInput): Hint[] {
  const { mode, prompt, tokens, usualIds, model } = input;
  const found = [
    tokens === null ? null : hintAtOpenCharacter(tokens),
    mode === "text" ? hintAtSpace(prompt) : null,
    mode === "text" ? hintAtOddSigns(prompt) : null,
    tokens === null || usualIds === null ? null : hintAtUnusualTokens(tokens, usualIds),
    mode === "chat" && model !== null && !model.hasChatTemplate ? withoutTemplate(model.id) : null,
    mode === "text" && model !== null ? hintAtTemplate(prompt, model) : null,
  ];
  return found.filter((hint) => hint !== null);
}

/** Most tokens begin with the space before their word: a prompt that ends in one has taken it away. Line breaks and
 * a prompt of spaces alone are fine. */
function hintAtSpace(prompt: string): Hint | null {
  const trimmed = prompt.replace(/ +$/, "");
  if (trimmed === prompt || trimmed === "" || trimmed.endsWith("\n")) return null;
  const one = prompt.length - trimmed.length === 1;
  return {
    kind: "space",
    term: "leading_space",
    text: `Ends with ${one ? "a space" : "spaces"}: the next token is unusual.`,
    fixLabel: one ? "Remove it" : "Remove them",
    fix: { kind: "text", text: trimmed },
  };
}

/** How many bytes of an unfinished UTF-8 character a text ends with, and how many it lacks at least. */
export function countOpenBytes(tokens: readonly Pick<Token, "bytes" | "special">[]): {
  readonly open: number;
  readonly missing: number;
} {
  const end: number[] = [];
  for (let at = tokens.length - 1; at >= 0 && end.length < 4; at--) {
    const token = tokens[at]!;
    if (token.special) break;
    end.unshift(...token.bytes);
  }
  for (let open = 1; open <= Math.min(3, end.length); open++) {
    const byte = end[end.length - open]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue; // a byte inside a character
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (open < length) return { open, missing: length - open };
    break;
  }
  return { open: 0, missing: 0 };
}

function hintAtOpenCharacter(tokens: readonly Token[]): Hint | null {
  const { open, missing } = countOpenBytes(tokens);
  if (open === 0) return null;
  return {
    kind: "character",
    term: "open_character",
    text: `Ends inside a character: ${open} ${open === 1 ? "byte is" : "bytes are"} open.`,
    fixLabel: "Complete it",
    fix: { kind: "complete", missing },
  };
}

const SIGNS: readonly { readonly found: RegExp; readonly name: string; readonly usual: string }[] = [
  { found: /\r\n?/g, name: "line ends of Windows", usual: "\n" },
  { found: /[\u00A0\u202F\u2007]/g, name: "non-breaking spaces", usual: " " },
  { found: /[\u200B\u2060\uFEFF\u00AD]/g, name: "invisible characters", usual: "" },
];

/** Signs that look like others and become rare tokens. Joiners (U+200C, U+200D) stay: scripts and emoji need them. */
function hintAtOddSigns(prompt: string): Hint | null {
  const odd = SIGNS.filter(({ found }) => prompt.search(found) >= 0);
  if (odd.length === 0) return null;
  const text = odd.reduce((changed, { found, usual }) => changed.replace(found, usual), prompt);
  return {
    kind: "signs",
    term: "odd_signs",
    text: `Contains ${odd.map(({ name }) => name).join(" and ")}: rare tokens.`,
    fixLabel: "Replace them",
    fix: { kind: "text", text },
  };
}

/** The same text as other tokens than the tokenizer would write: the model has rarely seen it so. */
function hintAtUnusualTokens(tokens: readonly Token[], usualIds: readonly number[]): Hint | null {
  const same = tokens.length === usualIds.length && tokens.every(({ id }, at) => id === usualIds[at]);
  if (same || usualIds.length === 0) return null;
  let first = 0;
  while (tokens[first]?.id === usualIds[first]) first++;
  const where = tokens[first] === undefined ? "" : `, first at token ${first + 1}`;
  const counts = usualIds.length === tokens.length
    ? ""
    : `: ${tokens.length} of them, usually ${usualIds.length}`;
  return {
    kind: "tokens",
    term: "tokenisation",
    text: `Cut into tokens in an unusual way${counts}${where}.`,
    fixLabel: "Use the usual ones",
    fix: { kind: "retokenize" },
  };
}

/** True where a model's name says that it was trained on conversations. */
export function isInstructName(id: string): boolean {
  return /(^|[^a-z])(instruct|chat|it|assistant)([^a-z]|$)/i.test(id.split("/").at(-1) ?? id);
}

const REQUEST =
  /^(write|explain|translate|list|tell|give|summari[sz]e|describe|answer|name|how|what|why|who|when|where|which|is|are|can|could|should|do|does|please)\b/i;

/** A question or a request, not the beginning of a text. */
export function looksLikeRequest(prompt: string): boolean {
  const text = prompt.trim();
  return text.endsWith("?") || (REQUEST.test(text) && /[.!:]$/.test(text));
}

function hintAtTemplate(prompt: string, { id, hasChatTemplate }: NonNullable<HintInput["model"]>) {
  if (!hasChatTemplate || !isInstructName(id) || !looksLikeRequest(prompt)) return null;
  const hint: Hint = {
    kind: "template",
    term: "chat_template",
    text: "Looks like a request: this model answers better in a chat.",
    fixLabel: "Use its template",
    fix: { kind: "mode", mode: "chat" },
  };
  return hint;
}

function withoutTemplate(id: string): Hint {
  const text = isInstructName(id)
    ? "This instruct model comes without its chat template: only plain text works."
    : "This model has no chat template: it only continues text.";
  return {
    kind: "no template",
    term: "chat_template",
    text,
    fixLabel: "Use plain text",
    fix: { kind: "mode", mode: "text" },
  };
}
