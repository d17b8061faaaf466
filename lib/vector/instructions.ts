// Words for the instructions of WebAssembly that the kernels are made of, by their numbers in its Core Specification,
// 3.0.
import { type Code, encodeSigned, encodeUnsigned } from "./wasm_module.ts";

/** A variable of a function, by its number. */
export type Local = number;

export const get = (local: Local): Code => [0x20, ...encodeUnsigned(local)];
export const set = (local: Local): Code => [0x21, ...encodeUnsigned(local)];
export const whole = (value: number): Code => [0x41, ...encodeSigned(value)];
const simd = (number: number): Code => [0xfd, ...encodeUnsigned(number)];

/** Of whole numbers. */
export const INT = {
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  isLess: [0x49],
  isMore: [0x4b],
  trailing: [0x68],
};
/** Of a 32-bit number at an address. */
export const STORE_INT: Code = [0x36, 2, 0];

/** Of pairs of doubles. */
export const PAIR = {
  splat: simd(0x14),
  first: [...simd(0x21), 0],
  add: simd(0xf0),
  sub: simd(0xf1),
  mul: simd(0xf2),
  /** a < b ? b : a. */
  larger: simd(0xf7),
  isLess: simd(0x49),
  /** a, b, c: a b + c and c - a b, rounded once where the processor has it. */
  multiplyAdd: simd(0x107),
  multiplySubtract: simd(0x108),
  addWhole: simd(0xce),
  subWhole: simd(0xd1),
  shiftLeft: simd(0xcb),
  shiftRight: simd(0xcc),
};

/** Of four singles. */
export const FOUR = {
  splat: simd(0x13),
  larger: simd(0xeb),
  isEqual: simd(0x41),
  isOther: simd(0x42),
  isAtLeast: simd(0x46),
  subWhole: simd(0xb1),
  signs: simd(0xa4),
};

export const OR = simd(0x50);
export const IS_ANY = simd(0x53);

/** 16 bytes at an address, so many bytes behind it. */
export const loadAll = (behind = 0): Code => [...simd(0x00), 3, ...encodeUnsigned(behind)];
export const storeAll = (behind = 0): Code => [...simd(0x0b), 3, ...encodeUnsigned(behind)];
/** Two singles at an address as doubles. */
export const LOAD_TWO_SINGLES: Code = [...simd(0x5d), 2, 0, ...simd(0x5f)];

/** The same 64-bit whole number twice. */
export function repeatWhole(value: number): Code {
  return [...simd(0x0c), ...new Uint8Array(BigInt64Array.of(BigInt(value), BigInt(value)).buffer)];
}

/** The same single four times. */
export function repeatSingle(value: number): Code {
  return [...simd(0x0c), ...new Uint8Array(new Float32Array(4).fill(value).buffer)];
}

/** `body` again as long as it leaves a number other than 0. */
export function repeat(body: Code): Code {
  return [0x03, 0x40, ...body, 0x0d, 0, 0x0b];
}

/** One of two, each of which leaves 16 bytes, by the number before. */
export function chooseAll(then: Code, otherwise: Code): Code {
  return [0x04, 0x7b, ...then, 0x05, ...otherwise, 0x0b];
}

/** `then` where the number before is not 0. */
export function doWhen(then: Code): Code {
  return [0x04, 0x40, ...then, 0x0b];
}

/** Ends the function with the number before. */
export const RETURN: Code = [0x0f];
