// The small integer inputs of a language model's runs (ids, mask, positions, count of logits), in native memory that
// is used again while the dimensions stay the same: from click to click most of them do.
//
// OWNERSHIP: an IntegerInput owns one tensor at a time. It is filled and freed only while no run is pending.
import { fault } from "../../fault.ts";
import type { Ort } from "../../ort/api.ts";
import type { Pointer } from "../../ort/memory.ts";
import type { OrtSession } from "../../ort/session.ts";
import { createTensor, elementBytes, elementCount, tensorMemory } from "../../ort/tensor.ts";
import type { LmLayout } from "../types.ts";
import type { TensorInfo } from "../../ort/types.ts";

/** The integer inputs of one model. */
interface SmallInputs {
  /** Their names, in the order of {@link SmallInputs.fill}. */
  readonly names: readonly string[];
  /** The tensors for appending `ids` (batch entry by batch entry) to `length` tokens; they stay this object's. */
  fill(batch: number, length: number, ids: readonly number[], keep: number): Pointer[];
  free(): void;
}

/** Throws a `model_failed` fault for inputs that are no integers. */
export function createSmallInputs({ ort, inputs }: OrtSession, layout: LmLayout): SmallInputs {
  const integer = (name: string | null) => {
    const info = inputs.find((input) => input.name === name);
    return info === undefined ? null : new IntegerInput(ort, info);
  };
  const ids = integer(layout.inputIds);
  const mask = integer(layout.attentionMask);
  const positions = integer(layout.positionIds);
  const keep = integer(layout.keep);
  const present = [ids, mask, positions, keep].filter((input) => input !== null);
  return {
    names: present.map((input) => input.name),
    fill(batch, length, values, kept) {
      const step = values.length / batch;
      return [
        ids?.fill([batch, step], (i) => values[i] ?? 0),
        mask?.fill([batch, length + step], () => 1),
        positions?.fill([batch, step], (i) => length + i % step),
        keep?.fill(keep.rank === 0 ? [] : [1], () => kept),
      ].filter((value) => value !== undefined);
    },
    free: () => present.forEach((input) => input.free()),
  };
}

/** One integer input of a graph. */
class IntegerInput {
  #dims: readonly number[] = [];
  #value: Pointer | null = null;
  #set: (index: number, value: number) => void = () => {};

  constructor(private readonly ort: Ort, private readonly info: TensorInfo) {
    if (info.type !== "int64" && info.type !== "int32") {
      throw fault("model_failed", `Expected "${info.name}" to hold int64 or int32 but found ${info.type}.`);
    }
  }

  get name(): string {
    return this.info.name;
  }

  /** The input's rank, where a scalar and a list of one are both in use. */
  get rank(): number {
    return this.info.shape.length;
  }

  /** The tensor of these dimensions with `at(i)` as its i-th element; it stays this object's. */
  fill(dims: readonly number[], at: (index: number) => number): Pointer {
    const value = this.#tensor(dims);
    for (let i = elementCount(dims) - 1; i >= 0; i--) this.#set(i, at(i));
    return value;
  }

  free(): void {
    if (this.#value !== null) this.ort.call.ReleaseValue(this.#value);
    this.#value = null;
  }

  #tensor(dims: readonly number[]): Pointer {
    const same = dims.length === this.#dims.length && dims.every((size, axis) => size === this.#dims[axis]);
    if (same && this.#value !== null) return this.#value;
    this.free();
    const { type } = this.info;
    const value = this.#value = createTensor(this.ort, type, dims);
    this.#dims = [...dims];
    const memory = tensorMemory(this.ort, value, elementCount(dims) * elementBytes(type));
    const view = type === "int64" ? new BigInt64Array(memory) : new Int32Array(memory);
    this.#set = view instanceof BigInt64Array
      ? (index, element) => view[index] = BigInt(element)
      : (index, element) => view[index] = element;
    return value;
  }
}
