// WebAssembly written as lists of instructions: for the few loops over a vocabulary that take a processor's vector
// instructions, which JavaScript has no words for. The binary format is that of the WebAssembly Core Specification,
// 3.0, section 5.

/** Bytes of instructions. */
export type Code = readonly number[];

export type ValueType = keyof typeof VALUE_TYPES;
const VALUE_TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

export interface WasmFunction {
  readonly name: string; // as it is exported
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
  /** Variables behind the parameters, which have the first numbers. */
  readonly locals: readonly ValueType[];
  readonly code: Code;
}

/** A module that imports its memory as `memory.memory`, writes `data` to its beginning and exports `functions`. */
export function assembleModule(functions: readonly WasmFunction[], data: Code): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ takes, gives }) => [0x60, ...listTypes(takes), ...listTypes(gives)]);
  const bodies = functions.map(({ locals, code }) => {
    const body = [...lengthOf(locals), ...locals.flatMap((type) => [1, VALUE_TYPES[type]]), ...code, 0x0b];
    return [...encodeUnsigned(body.length), ...body];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...encodeSection(1, types),
    ...encodeSection(2, [[...encodeName("memory"), ...encodeName("memory"), 0x02, 0x00, 0x00]]),
    ...encodeSection(3, functions.map((_, at) => encodeUnsigned(at))),
    ...encodeSection(7, functions.map(({ name }, at) => [...encodeName(name), 0x00, ...encodeUnsigned(at)])),
    ...encodeSection(10, bodies),
    ...encodeSection(11, [[0x00, 0x41, 0x00, 0x0b, ...lengthOf(data), ...data]]),
  ]);
}

/** LEB128 of a number of 0 or more. */
export function encodeUnsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...encodeUnsigned(Math.floor(value / 0x80))];
}

/** LEB128 of a number of 32 bits. */
export function encodeSigned(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isLast = rest === (low & 0x40 ? -1 : 0);
  return isLast ? [low] : [low | 0x80, ...encodeSigned(rest)];
}

function encodeSection(number: number, items: readonly Code[]): number[] {
  const content = [...lengthOf(items), ...items.flat()];
  return [number, ...encodeUnsigned(content.length), ...content];
}

function encodeName(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...lengthOf(bytes), ...bytes];
}

function listTypes(types: readonly ValueType[]): number[] {
  return [...lengthOf(types), ...types.map((type) => VALUE_TYPES[type])];
}

function lengthOf(list: ArrayLike<unknown>): number[] {
  return encodeUnsigned(list.length);
}
