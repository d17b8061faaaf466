// Writes the kernels anew where their code has changed: `deno task kernels`.
import { assembleKernels } from "../vector/kernel_code.ts";
import { writeChanged } from "./write_changed.ts";

const WIDTH = 100; // characters a line

/** The text of lib/vector/kernel_bytes.ts. */
export function kernelBytesText(): string {
  const lines = assembleKernels().toBase64().match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? [];
  return [
    "// Made of kernel_code.ts by `deno task kernels`.",
    "",
    "/** The WebAssembly module of the kernels, in base64. */",
    `export const KERNEL_BYTES =\n  ${lines.map((line) => JSON.stringify(line)).join(" +\n  ")};`,
    "",
  ].join("\n");
}

if (import.meta.main) {
  await writeChanged(new URL("../vector/kernel_bytes.ts", import.meta.url).pathname, kernelBytesText());
}
