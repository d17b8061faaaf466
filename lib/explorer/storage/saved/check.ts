// Reads a saved session from data of any origin: it is checked as a whole before any of it is used.
import { buildNodes } from "./session.ts";
import { savedHead, savedRoot, savedStep } from "./shapes.ts";
import type { SavedRoot, SavedSession, SavedStep } from "./types.ts";
import { list, record } from "./shape.ts";

/** Checks a session that was read from a file or from the store. Throws a TypeError that says what is wrong, and
 * where. */
export function checkSaved(value: unknown): SavedSession {
  const head = savedHead(value, "");
  const nodes = record<{ roots: readonly SavedRoot[]; steps: readonly SavedStep[] }>({
    roots: list(savedRoot),
    steps: list(savedStep),
  })(value, "");
  const saved = { ...head, ...nodes };
  buildNodes(saved);
  return saved;
}

/** As `checkSaved`, from the text of a file. Throws its TypeError, and one for a text that is not JSON. */
export function readSavedFile(text: string): SavedSession {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TypeError("The file is not JSON: it cannot be a saved session.", { cause: error });
  }
  return checkSaved(value);
}
