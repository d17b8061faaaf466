/** The files below `folder`, folder included in their paths, with forward slashes. */
export function walk(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory ? walk(path) : [path];
  });
}
