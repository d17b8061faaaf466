import { messageOf } from "./message_of.ts";

/** A thrown value as an error: itself where it is one. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
