// Takes and frees the C library's memory as a click and a model do, and prints how many megabytes go on counting as
// ours.
import { keepFreedMemory } from "../../lib/ort/trim_memory.ts";

const MIB = 2 ** 20;
const CLICK = { blocks: 10, bytes: 49_152 * 8 }; // arrays over a vocabulary
const MODEL = { blocks: 20, bytes: 5 * MIB }; // weights
/** What is still in use above a model that went: larger than gaps, smaller than what is mapped alone. */
const ABOVE = 2 * MIB;

keepFreedMemory();
const { symbols: c } = Deno.dlopen("libc.so.6", {
  malloc: { parameters: ["usize"], result: "pointer" },
  free: { parameters: ["pointer"], result: "void" },
  memset: { parameters: ["pointer", "i32", "usize"], result: "pointer" },
});

function take(bytes: number): Deno.PointerValue {
  return c.memset(c.malloc(BigInt(bytes)), 1, BigInt(bytes)); // written to: an untouched page is none
}

function kept({ blocks, bytes }: typeof MODEL, above: number): number {
  const before = Deno.memoryUsage().rss;
  const taken = Array.from({ length: blocks }, () => take(bytes));
  if (above > 0) take(above);
  taken.forEach((block) => c.free(block));
  return (Deno.memoryUsage().rss - before - above) / 1e6;
}

console.log(JSON.stringify({ click: kept(CLICK, 0), model: kept(MODEL, ABOVE) }));
