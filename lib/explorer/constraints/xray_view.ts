// What the constraint does at the place of the bars, in words.
import type { ConstraintType } from "../../sampling/constraint_kinds.ts";
import type { ConstraintState } from "../../wire/constraint.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { formatCount, formatPercent, formatTokenCount } from "../words/format.ts";
import type { BarredToken } from "./desk.ts";
import type { Expected, Position, Reading, Valid } from "./protocol.ts";
import { formatAmount } from "../../basics/number_text.ts";

/** One thing that may come next. */
export interface MayCome {
  readonly what: string;
  /** Which part of the constraint asks for it; "" where `what` says it all. */
  readonly by: string;
}

export interface MaskView {
  /** 0..1 */
  readonly removed: number;
  readonly text: string;
}

/** The text around the place where it left the constraint. */
export interface Left {
  readonly before: string;
  readonly behind: string;
}

export interface XrayView {
  readonly now: string;
  /** Null: the text fits. */
  readonly left: Left | null;
  readonly may: readonly MayCome[];
  /** Alternatives that are not listed. */
  readonly more: number;
  /** What must come next because nothing else can; "" where there is a choice. */
  readonly forced: string;
  /** The forced text would end within a word. */
  readonly cutsWord: boolean;
  readonly mask: MaskView | null;
  readonly warning: string | null;
}

export interface XrayInput {
  readonly type: ConstraintType;
  readonly valid: Valid;
  readonly position: Position;
  /** The text behind the prompt. */
  readonly text: string;
  /** What the server says of the place; null: it has not answered yet. */
  readonly state: ConstraintState | null;
  readonly vocabulary: number;
}

const LISTED = 12;
const LONGEST_TEXT = 24;

/** What may come next under the constraint, who asks for it, and what the mask takes away. */
export function xrayView(input: XrayInput): XrayView {
  const { position, state } = input;
  const may = mayCome(position, input.type);
  return {
    now: nowOf(input),
    left: findLeft(input),
    may: may.slice(0, LISTED),
    more: Math.max(0, may.length - LISTED),
    forced: state?.forced?.text ?? "",
    cutsWord: state?.forced != null && !state.forced.ends && cutsWord(input, state.forced.text),
    mask: state === null ? null : maskOf(state, input.vocabulary),
    warning: state?.only_unusual
      ? "Every token that is left writes the text in a way the tokenizer never would: the model hardly knows it."
      : null,
  };
}

function nowOf({ type, valid, position, text }: XrayInput): string {
  const where = text === "" ? "At the start" : `After ${quote(text)}`;
  if (position.failedAt !== null) {
    const read = `The text left the constraint at its byte ${position.failedAt + 1}`;
    return `${read}. Undo what was appended, or change the constraint. There it was:`;
  }
  const end = position.mayEnd ? "The text may end here." : "The text may not end yet.";
  if (position.expected.length === 0) return `${where}, the text is over: nothing but its end may come.`;
  if (type !== "multiple_choice") return `${where}. ${end}`;
  const left = new Set(position.expected.map(({ rule }) => rule)).size + (position.mayEnd ? 1 : 0);
  return `${where}, ${formatCount(left)} of ${
    formatCount(valid.options ?? left)
  } choices are still possible.`;
}

function findLeft({ position: { failedAt }, text }: XrayInput): Left | null {
  if (failedAt === null) return null;
  const bytes = new TextEncoder().encode(text);
  const before = new TextDecoder().decode(bytes.subarray(0, failedAt)).replace(/\ufffd$/, ""); // within a character
  const behind = text.slice(before.length);
  const shown = (part: string) => part.replaceAll("\n", "⏎");
  return {
    before: shown(before.length > LONGEST_TEXT ? `…${before.slice(-LONGEST_TEXT)}` : before),
    behind: shown(behind.length > LONGEST_TEXT ? `${behind.slice(0, LONGEST_TEXT)}…` : behind),
  };
}

/** In a choice letters follow the forced letters: the tokenizer would hardly cut there. */
function cutsWord({ type, position }: XrayInput, forced: string): boolean {
  if (type !== "multiple_choice" || !/[\p{L}\p{N}]$/v.test(forced)) return false;
  return position.expected.some(({ what }) => {
    const rest: unknown = what.startsWith('"') ? JSON.parse(what) : "";
    return typeof rest === "string" && /^[\p{L}\p{N}]/u.test(rest.slice(forced.length));
  });
}

/** The end of a text, in quotes. */
function quote(text: string): string {
  const end = text.length > LONGEST_TEXT ? `…${text.slice(-LONGEST_TEXT)}` : text;
  return `“${end.replaceAll("\n", "⏎")}”`;
}

function mayCome({ expected, mayEnd }: Reading, type: ConstraintType): MayCome[] {
  const found = new Map<string, MayCome>();
  for (const each of expected) {
    const told = type === "multiple_choice" || each.what === JSON.stringify(each.rule);
    const by = told ? "" : sayAsker(each);
    found.set(`${each.what} ${by}`, { what: each.what, by });
  }
  return [...found.values(), ...mayEnd ? [{ what: "the end of the text", by: "" }] : []];
}

function sayAsker({ rule, pointer }: Expected): string {
  return pointer === null || pointer === "" ? rule : pointer;
}

function maskOf({ allowed, masked_mass, kl_bits }: ConstraintState, vocabulary: number): MaskView {
  const removed = formatCount(Math.max(0, vocabulary - allowed));
  const kl = kl_bits === null ? "" : ` The bars change by ${formatAmount(kl_bits)} bits.`;
  const text = `${removed} tokens, ${formatPercent(masked_mass)} % of the probability. ${
    formatTokenCount(allowed)
  } left.${kl}`;
  return { removed: masked_mass, text };
}

/** Why a token may not come. */
export interface BarredView {
  readonly rendering: TokenRendering;
  readonly why: string;
  readonly expected: readonly MayCome[];
  readonly more: number;
}

const LISTED_FOR_TOKEN = 4;

/** Why a barred token may not come: the place where it leaves the constraint, and what was expected there. */
export function barredView({ token, reading }: BarredToken, type: ConstraintType): BarredView {
  const rendering = renderToken(token);
  if (reading === null) {
    const why = "A special token is no text: it may come only where it ends the text and the text may end.";
    return { rendering, why, expected: [], more: 0 };
  }
  const { failedAt } = reading;
  const may = mayCome(reading, type);
  return {
    rendering,
    why: failedAt === null
      ? "The server bars it."
      : `${describeFailure(token.bytes, failedAt)} Expected there:`,
    expected: failedAt === null ? [] : may.slice(0, LISTED_FOR_TOKEN),
    more: failedAt === null ? 0 : Math.max(0, may.length - LISTED_FOR_TOKEN),
  };
}

/** "Its byte 2 (6C “l”) cannot be." */
function describeFailure(bytes: readonly number[], at: number): string {
  const byte = bytes[at]!;
  const hex = byte.toString(16).toUpperCase().padStart(2, "0");
  const text = byte > 0x20 && byte < 0x7f ? ` “${String.fromCharCode(byte)}”` : byte === 0x20 ? " space" : "";
  return `Its byte ${at + 1} of ${bytes.length} (${hex}${text}) cannot be.`;
}
