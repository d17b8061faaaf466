// The small integer inputs of a language model's runs (ids, mask, positions, count of logits), in native memory that
// is used again while the dimensions stay the same: from click to click most of them do.
//
// OWNERSHIP: a SmallTensor owns one tensor at a time. It is filled and freed only while no run is pending.
import type { Ort } from "../../ort/api.ts";
import type { Pointer } from "../../ort/memory.ts";
import { countElements, createTensor, elementBytesOf, viewMemory } from "../../ort/tensor.ts";
import { type FedTokens, type Integers, integersOf, viewNumbers } from "../integers.ts";
import type { IntegerInput, LmLayout } from "../types.ts";

/** The integer inputs of one model. */
interface SmallInputs {
  /** Their names, in the order of {@link SmallInputs.fill}. */
  readonly names: readonly string[];
  /** Puts the tensors that feed these tokens into `table`, OrtValue*[]; they stay this object's. */
  fill(fed: FedTokens, table: BigUint64Array<ArrayBuffer>): void;
  free(): void;
}

/** The integer inputs of a layout as native tensors that are used again from pass to pass; the caller frees them. */
export function createSmallInputs(ort: Ort, { integers }: LmLayout): SmallInputs {
  const tensors = integers.map((input) => new SmallTensor(ort, input));
  return {
    names: integers.map((input) => input.name),
    fill: (fed, table) => integers.forEach((input, i) => table[i] = tensors[i]!.fill(integersOf(input, fed))),
    free: () => tensors.forEach((tensor) => tensor.free()),
  };
}

/** The tensor of one integer input. */
class SmallTensor {
  #dims: readonly number[] = [];
  #value: Pointer | null = null;
  #address = 0n; // of the value
  #set: (index: number, value: number) => void = () => {};

  constructor(private readonly ort: Ort, private readonly input: IntegerInput) {}

  /** The address of the tensor of these integers, which stays this object's. */
  fill({ dims, at }: Integers): bigint {
    this.#fit(dims);
    for (let i = countElements(dims) - 1; i >= 0; i--) this.#set(i, at(i));
    return this.#address;
  }

  free(): void {
    if (this.#value !== null) this.ort.call.ReleaseValue(this.#value);
    this.#value = null;
  }

  #fit(dims: readonly number[]): void {
    const same = dims.length === this.#dims.length && dims.every((size, axis) => size === this.#dims[axis]);
    if (same && this.#value !== null) return;
    this.free();
    const { type } = this.input;
    const value = this.#value = createTensor(this.ort, type, dims);
    this.#address = Deno.UnsafePointer.value(value);
    this.#dims = [...dims];
    const memory = viewMemory(this.ort, value, countElements(dims) * elementBytesOf(type));
    if (type === "int64") {
      const words = new Int32Array(memory).fill(0); // of each element only the low word, the first, is ever set
      this.#set = (index, element) => words[2 * index] = element;
    } else {
      const view = viewNumbers(type, memory);
      this.#set = (index, element) => view[index] = element;
    }
  }
}
