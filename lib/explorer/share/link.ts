// A link that carries text and settings inside the address itself, behind the #: the browser keeps that part to
// itself, no server sees it. Everything in it is checked before it is used.
import { isRecord } from "../../basics/is_record.ts";
import { readConstraint } from "../../sampling/constraint_kinds.ts";
import { readParams } from "../../sampling/param_values.ts";
import { DEFAULT_PARAMS, type Params } from "../../sampling/params.ts";
import type { Message } from "../../wire/token.ts";
import { TOP_K } from "../session/new_session.ts";
import type { PromptSource, Settings } from "../session/types.ts";
import { listTokenIds, readNamedIds } from "../settings/named_ids.ts";
import { shownPresetOf } from "../settings/sampling.ts";

/** What a link carries. */
export interface Shared {
  readonly source: PromptSource;
  /** The tokens behind the prompt, if any: exact for the same model, else the text counts. */
  readonly completion: {
    readonly modelId: string;
    /** What the ids mean; null: a link of before it was told, `modelId` counts. */
    readonly tokenizerKey: string | null;
    readonly promptIds: readonly number[];
    readonly ids: readonly number[];
    readonly text: string;
  } | null;
  readonly settings: Settings;
}

/** Addresses longer than this are cut by some mail programs and chats. */
export const LONG_LINK = 8_000;
const LONGEST_LINK = 1_000_000;
const PREFIX = "#share=";
const VERSION = 1;

/** The whole address: `base` without its own fragment, and the fragment. */
export function shareLink(base: string, { source, completion, settings }: Shared): string {
  const params = Object.fromEntries(
    Object.entries(settings.params).filter(([key, value]) =>
      JSON.stringify(value) !== JSON.stringify(DEFAULT_PARAMS[key as keyof Params])
    ),
  );
  const { topK, constraint } = settings;
  const { ids } = listTokenIds(settings.params).length === 0 ? {} : settings;
  const data = { v: VERSION, source, completion, params, topK, constraint, ids };
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const encoded = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${base.replace(/#.*$/, "")}${PREFIX}${encoded}`;
}

export type ReadLink =
  | { readonly kind: "none" } // the address carries nothing of ours
  | { readonly kind: "shared"; readonly shared: Shared }
  | { readonly kind: "broken"; readonly problem: string };

/** What the fragment of an address (`location.hash`) carries. */
export function readShareLink(fragment: string): ReadLink {
  if (!fragment.startsWith(PREFIX)) return { kind: "none" };
  if (fragment.length > LONGEST_LINK) return refuseLink("it is too long");
  const data = decodeData(fragment.slice(PREFIX.length));
  if (data === null) return refuseLink("it was cut or changed on the way");
  if (data.v !== VERSION) return refuseLink("another version of this page made it");
  const source = readSource(data.source);
  if (source === null) return refuseLink("its text cannot be read");
  const completion = data.completion === null ? null : readCompletion(data.completion);
  if (completion === undefined) return refuseLink("its tokens cannot be read");
  const settings = readSettings(data);
  if (typeof settings === "string") return refuseLink(settings);
  return { kind: "shared", shared: { source, completion, settings } };
}

/** The settings of a link, those of the request's defaults where it names none; a sentence's end where a value is
 * impossible. */
function readSettings(data: Readonly<Record<string, unknown>>): Settings | string {
  if (!isRecord(data.params)) return "its settings cannot be read";
  const read = readParams(data.params, DEFAULT_PARAMS);
  if ("wrong" in read) return `its setting ${read.wrong.name} is not ${read.wrong.expected}`;
  const constraint = readConstraint(data.constraint);
  if (constraint === null) return "its constraint cannot be read";
  const { topK } = data;
  const ids = readNamedIds(data.ids);
  if (!isCount(topK) || topK < TOP_K.min || topK > TOP_K.max) {
    return `its number of candidates is not ${TOP_K.min} to ${TOP_K.max}`;
  }
  return { params: read.params, preset: shownPresetOf(read.params), topK, constraint, ...ids && { ids } };
}

function refuseLink(why: string): ReadLink {
  return { kind: "broken", problem: `The link could not be opened: ${why}. Ask for a new one.` };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function decodeData(encoded: string): Record<string, unknown> | null {
  if (!/^[\w-]*$/.test(encoded)) return null;
  try {
    const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
    const data: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isRecord(data) ? data : null;
  } catch {
    return null; // neither base64 nor JSON: the caller says so
  }
}

function readSource(value: unknown): PromptSource | null {
  if (!isRecord(value)) return null;
  if (value.kind === "text") {
    return typeof value.text === "string" ? { kind: "text", text: value.text } : null;
  }
  if (value.kind === "tokens") {
    const { ids, tokenizerKey, text } = value;
    const known = tokenizerKey === null || typeof tokenizerKey === "string";
    return isCountList(ids) && known && typeof text === "string"
      ? { kind: "tokens", ids, tokenizerKey, text }
      : null;
  }
  const { kind, messages, open } = value;
  if (kind !== "chat" || !Array.isArray(messages) || messages.length > 1000) return null;
  if (typeof open !== "boolean") return null;
  const read = messages.map(readMessage);
  if (read.some((message) => message === null)) return null;
  return { kind: "chat", messages: read as Message[], open };
}

function readMessage(value: unknown): Message | null {
  if (!isRecord(value)) return null;
  const { role, content, more } = value;
  if (typeof role !== "string" || typeof content !== "string") return null;
  if (more === undefined) return { role, content };
  return isRecord(more) ? { role, content, more } : null;
}

function readCompletion(value: unknown): Exclude<Shared["completion"], null> | undefined {
  if (!isRecord(value)) return undefined;
  const { modelId, promptIds, ids, text, tokenizerKey = null } = value;
  if (typeof modelId !== "string" || typeof text !== "string") return undefined;
  if (!isCountList(promptIds) || !isCountList(ids)) return undefined;
  if (tokenizerKey !== null && typeof tokenizerKey !== "string") return undefined;
  return { modelId, tokenizerKey, promptIds, ids, text };
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
