// A library that stays in the process. Deno closes what a Worker opened when that Worker ends; with the last one ONNX
// Runtime's code would go, while its thread pools run and its values are in use elsewhere.
import { allocatePointers, toCPath } from "./memory.ts";

const RTLD_NOW = 2;
// <dlfcn.h> of glibc and of macOS.
const RTLD_NODELETE = { linux: 0x1000, darwin: 0x80 } as const;
/** Where `dlopen` is: glibc has it in itself from 2.34 on. */
const LOADERS = { linux: ["libc.so.6", "libdl.so.2"], darwin: ["/usr/lib/libSystem.B.dylib"] } as const;
const GET_MODULE_HANDLE_EX_FLAG_PIN = 1;

/** Keeps the library at `path`, which is loaded, until the process ends. Best effort. */
export function keepLoaded(path: string): void {
  const { os } = Deno.build;
  if (os === "windows") return pin(path);
  if (os !== "linux" && os !== "darwin") return;
  for (const loader of LOADERS[os]) {
    try {
      const library = Deno.dlopen(loader, { dlopen: { parameters: ["buffer", "i32"], result: "pointer" } });
      library.symbols.dlopen(toCPath(path), RTLD_NOW | RTLD_NODELETE[os]);
      return library.close();
    } catch {
      // The next one may have it.
    }
  }
}

/** As `keepLoaded`, where it is not loaded yet: another thread reads it. Resolves when it has; best effort, on Windows
 * none. */
export async function loadAhead(path: string): Promise<void> {
  const { os } = Deno.build;
  if (os !== "linux" && os !== "darwin") return;
  for (const loader of LOADERS[os]) {
    try {
      const symbols = {
        dlopen: { parameters: ["buffer", "i32"], result: "pointer", nonblocking: true },
      } as const;
      const library = Deno.dlopen(loader, symbols);
      const name = toCPath(path);
      const loaded = library.symbols.dlopen(name, RTLD_NOW | RTLD_NODELETE[os]);
      await Promise.all([loaded, name]); // which keeps the name until the call has ended
      return library.close();
    } catch {
      // The next one may have it.
    }
  }
}

function pin(path: string): void {
  try {
    const library = Deno.dlopen("kernel32.dll", {
      GetModuleHandleExW: { parameters: ["u32", "buffer", "buffer"], result: "i32" },
    });
    library.symbols.GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN, toCPath(path), allocatePointers(1));
    library.close();
  } catch {
    // It goes with its last Worker.
  }
}
