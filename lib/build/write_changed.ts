// What the build makes is written where it differs only: who watches the folder builds again after each change.

/** Writes a text to `path` unless it is there already. */
export async function writeChanged(path: string, text: string): Promise<void> {
  const there = await Deno.readTextFile(path).catch(() => null);
  if (there !== text) await Deno.writeTextFile(path, text);
}
