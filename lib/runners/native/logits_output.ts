// Where a pass leaves its logits. A row after a single token has the same size each time: it goes where the last one
// was, so that nothing is made, asked about or given back for it.
//
// OWNERSHIP: all that a pass leaves belongs to the LogitsOutput: one tensor is kept until `free`, the others are
// released at the end of their pass.
import type { Ort } from "../../ort/api.ts";
import { type Pointer, readPointer } from "../../ort/memory.ts";
import { createReader, readNative } from "../../ort/tensor.ts";
import type { Tensor } from "../../ort/types.ts";

/** Logits in native memory. */
export interface NativeLogits {
  readonly value: Pointer;
  /** A copy of them. */
  read(): Tensor["data"];
}

export class LogitsOutput {
  #kept: (NativeLogits & { readonly address: bigint }) | null = null;

  constructor(private readonly ort: Ort) {}

  /** The address of the tensor that a pass is to write to; 0: it makes one. `isSingle`: of one token of one text. */
  addressFor(isSingle: boolean): bigint {
    return isSingle ? this.#kept?.address ?? 0n : 0n;
  }

  /** What a pass has left at `address`. */
  at(address: bigint, isSingle: boolean): NativeLogits {
    if (address === this.#kept?.address) return this.#kept;
    const value = readPointer(BigUint64Array.of(address), 0);
    if (!isSingle || this.#kept !== null) return { value, read: () => readNative(this.ort, value).data };
    this.#kept = { address, value, read: createReader(this.ort, value) };
    return this.#kept;
  }

  /** The end of a pass that has left `address`; 0: nothing. */
  release(address: bigint): void {
    if (address === 0n || address === this.#kept?.address) return;
    this.ort.call.ReleaseValue(Deno.UnsafePointer.create(address));
  }

  free(): void {
    if (this.#kept !== null) this.ort.call.ReleaseValue(this.#kept.value);
    this.#kept = null;
  }
}
