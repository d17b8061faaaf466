// The page's styles: one sheet, made of the files in styles/. The first paint waits for all of them, and each as a file
// of its own was a request beside a model that is being loaded: 24 took 0.3 s there, and 0.1 s on an idle machine.
import { writeChanged } from "./write_changed.ts";

/** Every sheet in its order: later ones add to earlier ones. Each part brings its own rules for narrow windows. */
const SHEETS = [
  ...["styles", "controls", "layout", "strip", "distribution", "placeholders", "overlays", "narrow"],
  ...["heat", "draw", "sampling", "chat", "vocabulary", "branches", "share", "teach", "models", "more"],
  ...["constraints", "attribution", "sessions", "study", "api"],
];

/** Writes the sheets below `root` as one to `path` where it differs from what is there. Throws an Error where styles/
 * and the list of its sheets differ. */
export async function joinStyles(root: string, path: string): Promise<void> {
  const there = (await Array.fromAsync(Deno.readDir(`${root}/styles`))).map(({ name }) => name);
  const listed = SHEETS.map((name) => `${name}.css`);
  const unlisted = there.filter((name) => !listed.includes(name));
  if (unlisted.length > 0) throw new Error(`Expected lib/build/styles.ts to list styles/${unlisted[0]}`);
  const texts = await Promise.all(listed.map((name) => Deno.readTextFile(`${root}/styles/${name}`)));
  await writeChanged(path, texts.join("\n"));
}
