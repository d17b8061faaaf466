// The table of folders in CLAUDE.md: what code in each may import.
import { ROOT } from "./modules.ts";

/** Folder or file below the root → what it may import: folders, files and packages by name. */
export type FolderTable = ReadonlyMap<string, ReadonlySet<string>>;

/** Tiny functions and the errors of the house: open to everyone. */
const OPEN_TO_ALL = ["lib/basics", "lib/fault.ts"];

export async function readFolderTable(): Promise<FolderTable> {
  return parseFolderTable(await Deno.readTextFile(new URL("CLAUDE.md", ROOT)));
}

/** The table with the heads "folder", "holds" and "may import". In the last column a folder of lib goes without
 * `lib/`, and `name/*` stands for a folder with all folders below it that have a row; what is no row is a package. */
export function parseFolderTable(markdown: string): FolderTable {
  const lines = markdown.split("\n");
  const head = lines.findIndex((line) => /^\| folder\s*\| holds\s*\| may import\s*\|$/.test(line));
  if (head < 0) throw new Error("CLAUDE.md has no table with the heads folder, holds and may import.");
  const rest = lines.slice(head + 2);
  const rows = rest.slice(0, rest.findIndex((line) => !line.startsWith("|"))).map((line) => {
    const [, folders = "", , imports = ""] = line.split("|");
    return { folders: namesIn(folders), imports: namesIn(imports) };
  });
  const known = new Set(rows.flatMap((row) => row.folders));
  return new Map(rows.flatMap(({ folders, imports }) => {
    const named = imports.flatMap((name) => expand(name, known));
    return folders.map((folder) => {
      const open = OPEN_TO_ALL.includes(folder) ? [] : OPEN_TO_ALL;
      return [folder, new Set([...open, ...named])] as const;
    });
  }));
}

/** Names in backticks; a slash at the end of a folder is for people. */
function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!.replace(/\/$/, ""));
}

function expand(name: string, known: ReadonlySet<string>): string[] {
  const base = name.replace(/\/\*$/, "");
  const folder = [`lib/${base}`, base].find((one) =>
    [...known].some((row) => row === one || row.startsWith(`${one}/`))
  );
  if (folder === undefined) return [name];
  return name === base
    ? [folder]
    : [...known].filter((row) => row === folder || row.startsWith(`${folder}/`));
}

/** The row of a file: the longest that it lies in. Null where the table has none. */
export function folderOf(path: string, table: FolderTable): string | null {
  const rows = [...table.keys()].filter((row) => path === row || path.startsWith(`${row}/`));
  return rows.sort((a, b) => b.length - a.length)[0] ?? null;
}
