import { isRecord } from "./is_record.ts";

/** The text of a token as tokenizer_config.json writes it: a string, or an object with `content`. Null where it is
 * neither. */
export function tokenContentOf(token: string | { readonly content: string }): string;
export function tokenContentOf(value: unknown): string | null;
export function tokenContentOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  return isRecord(value) && typeof value.content === "string" ? value.content : null;
}
