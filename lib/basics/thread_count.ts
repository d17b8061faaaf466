// How many threads a run of the model may use, where the environment says it.

/** The environment variable that says it. */
export const THREADS_VARIABLE = "NEXTTOKEN_THREADS";
const MOST = 1024;

/** The number of a text, 1 to 1024; null where it is none. */
export function parseThreadCount(text: string): number | null {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MOST ? count : null;
}
