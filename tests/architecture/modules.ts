// The modules of the house and what each imports, as Deno resolves them: one `deno info` over everything.
import { fromFileUrl, relative } from "../paths.ts";

export const ROOT = new URL("../../", import.meta.url);

/** Where the program begins: processes and Workers, which nothing imports. */
const ENTRIES = ["main.ts", "dev.ts", "compile.ts", "models.ts"];
const FOLDERS = ["routes/", "islands/", "components/", "lib/"];

export interface Import {
  /** A path below the root, or the name of a package or of a module of Node. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly isType: boolean; // `import type`: gone when the program runs
  readonly isDynamic: boolean;
}

/** What each file imports, by its path below the root. */
export type Modules = ReadonlyMap<string, readonly Import[]>;

interface Resolved {
  readonly specifier?: string;
}
interface InfoModule {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: Resolved;
    readonly type?: Resolved;
    readonly isDynamic?: boolean;
  }[];
}

/** Every source file below a folder of the house, as a path below the root. */
export async function* sourcesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) yield* sourcesIn(`${path}/`);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** The files of the program: entries and all that lies in its folders. */
export async function programFiles(): Promise<readonly string[]> {
  const files = [...ENTRIES, "app.ts"];
  for (const folder of FOLDERS) files.push(...await Array.fromAsync(sourcesIn(folder)));
  return files;
}

/** All modules of the program with their imports, those of types included. */
export async function readModules(): Promise<Modules> {
  const files = await programFiles();
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, files.map((file) => `import "${new URL(file, ROOT)}";\n`).join(""));
    const config = fromFileUrl(new URL("deno.json", ROOT));
    const { stdout, success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", config, entry],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: InfoModule[] };
    return new Map(modules.flatMap(importsOf).filter(([path]) => !/^(_fresh|node_modules)\//.test(path)));
  } finally {
    await Deno.remove(entry);
  }
}

function importsOf({ specifier, dependencies = [] }: InfoModule): [string, Import[]][] {
  if (!specifier.startsWith(ROOT.href)) return [];
  const imports = dependencies.flatMap(({ code, type, isDynamic = false }): Import[] => {
    const target = code?.specifier ?? type?.specifier;
    if (target === undefined || target.startsWith("data:")) return [];
    const packaged = target.startsWith("node:") ? target : packageOf(target);
    const to = packaged ?? relative(ROOT, target);
    return [{ to, isPackage: packaged !== null, isType: code === undefined, isDynamic }];
  });
  return [[relative(ROOT, specifier), imports]];
}

/** "npm:/zod@4.6.7" and "file:///…/node_modules/zod/…" → "zod"; null for a file of the house. */
function packageOf(specifier: string): string | null {
  const name = /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(specifier)?.[1];
  return name ?? /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(specifier)?.[1] ?? null;
}
