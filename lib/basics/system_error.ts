/** What the system said of a file or folder. */
export interface SystemError {
  /** "permission denied" */
  readonly reason: string;
  /** What could not be had; null where it is not said. */
  readonly path: string | null;
}

/** An error of the system in its parts, which Deno writes `Permission denied (os error 13): readdir '/models/x'`; null
 * for any other. */
export function readSystemError(error: unknown): SystemError | null {
  const parts = error instanceof Error ? /^(.+?) \(os error \d+\)(?:.*'(.+)')?/s.exec(error.message) : null;
  if (parts === null) return null;
  const reason = parts[1]!;
  return { reason: reason[0]!.toLowerCase() + reason.slice(1), path: parts[2] ?? null };
}
