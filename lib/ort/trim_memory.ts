// Giving freed native memory back to the system.

/** Asks the C library to return what sessions have freed. glibc keeps it otherwise: a closed model of 110 MB would
 * go on counting as ours. Does nothing where there is no such call. */
export function returnFreedMemory(): void {
  if (Deno.build.os !== "linux") return;
  try {
    const symbols = { malloc_trim: { parameters: ["usize"], result: "i32" } } as const;
    const library = Deno.dlopen("libc.so.6", symbols);
    library.symbols.malloc_trim(0n);
    library.close();
  } catch {
    return; // another C library: it has its own way
  }
}
