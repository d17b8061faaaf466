import { readSystemError } from "../basics/system_error.ts";

/** Why the page cannot be built below `root`, where the system refuses a file or folder there; null for any other
 * error. */
export function describeNotWritable(error: unknown, root: string): string | null {
  const refused = readSystemError(error);
  if (refused === null) return null;
  return `The page cannot be built: ${
    refused.path ?? root
  } cannot be written (${refused.reason}). Give this process ` +
    "the right to write there, or let somebody who has it run deno task build first.";
}
