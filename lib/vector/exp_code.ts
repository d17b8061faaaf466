// exp(x) of two numbers of 0 or less at once, as WebAssembly.
//
// x = n ln 2 + r with whole n and |r| <= ln 2 / 2, so exp(x) = 2^n exp(r). ln 2 in two parts keeps r exact (Cody and
// Waite, 1980). exp(r) is 1 + r + r^2 Q(r), where Q, of degree 9, makes the largest relative error on that interval the
// least possible: 3.6e-18 (Remez' algorithm). All in all within one unit of the last place.
import {
  chooseAll,
  get,
  IS_ANY,
  loadAll,
  type Local,
  PAIR,
  repeatWhole,
  set,
  whole,
} from "./instructions.ts";
import type { Code } from "./wasm_module.ts";

const Q = [
  ...[0.5000000000000011, 0.16666666666666413, 0.041666666666530267, 0.008333333333494336],
  ...[0.0013888888943597753, 0.00019841269506771982, 2.4801493136121427e-5, 2.7557586273678434e-6],
  ...[2.7630233944513934e-7, 2.5000069885529616e-8],
] as const;
/** The first 33 bits of ln 2, whose products with n are exact, and the rest. */
const [LN2_HIGH, LN2_LOW] = [6.93147180369123816490e-1, 1.90821492927058770002e-10];
/** Added, it leaves n in the last bits. */
const ROUND = 1.5 * 2 ** 52;
/** exp of this is 0; what is less is taken for it. */
const LEAST_X = -750;
/** Below this 2^n is no normal number. */
const LEAST_NORMAL_X = -708;
const EXPONENT_BIAS = 1023;
const FRACTION_BITS = 52;

/** What is multiplied and added. As constants of the code they would be put together anew in each turn of a loop, which
 * took half of the time: they lie in the memory, each twice. */
const CONSTANTS: readonly number[] = [
  LEAST_X,
  1 / Math.LN2,
  ROUND,
  LN2_HIGH,
  LN2_LOW,
  1,
  LEAST_NORMAL_X,
  ...Q,
];

/** What the memory begins with. */
export const EXP_DATA: Code = [
  ...new Uint8Array(Float64Array.from(CONSTANTS.flatMap((value) => [value, value])).buffer),
];

/** Variables that `expCode` needs besides its own three. */
export const EXP_CONSTANTS = CONSTANTS.length;

/** Reads the constants into the variables from `first` on. */
export function loadConstants(first: Local): Code {
  return CONSTANTS.flatMap((_, at) => [...whole(16 * at), ...loadAll(), ...set(first + at)]);
}

/** Leaves exp of the two numbers in `x`, which is bounded; `n` and `r` are overwritten. */
export function expCode(x: Local, n: Local, r: Local, firstConstant: Local): Code {
  const constant = (value: number) => get(firstConstant + CONSTANTS.indexOf(value));
  const rounded = [...get(n), ...constant(ROUND), ...PAIR.sub];
  const minusPart = (part: number, from: Local) => [
    ...[...rounded, ...constant(part), ...get(from), ...PAIR.multiplySubtract, ...set(r)],
  ];
  const factors = [...Q.toReversed(), 1, 1];
  const [highest, ...others] = factors.map(constant);
  return [
    ...[...get(x), ...constant(LEAST_X), ...PAIR.larger, ...set(x)],
    ...[...get(x), ...constant(1 / Math.LN2), ...constant(ROUND), ...PAIR.multiplyAdd, ...set(n)],
    ...minusPart(LN2_HIGH, x),
    ...minusPart(LN2_LOW, r),
    ...[...get(n), ...constant(ROUND), ...PAIR.subWhole, ...set(n)],
    ...[...highest!, ...others.flatMap((factor) => [...get(r), ...factor, ...PAIR.multiplyAdd]), ...set(r)],
    ...[...get(x), ...constant(LEAST_NORMAL_X), ...PAIR.isLess, ...IS_ANY],
    ...chooseAll(scaleInTwo(r, n), [...get(r), ...powerOf(get(n)), ...PAIR.mul]),
  ];
}

/** 2 to the power of two whole numbers, -1022 or more: the exponent's bits of a double. */
function powerOf(exponents: Code): Code {
  return [
    ...exponents,
    ...repeatWhole(EXPONENT_BIAS),
    ...PAIR.addWhole,
    ...whole(FRACTION_BITS),
    ...PAIR.shiftLeft,
  ];
}

/** r 2^n by two factors, where one would be too small for a normal number. */
function scaleInTwo(r: Local, n: Local): Code {
  const half = [...get(n), ...whole(1), ...PAIR.shiftRight];
  const rest = [...get(n), ...half, ...PAIR.subWhole];
  return [...get(r), ...powerOf(half), ...PAIR.mul, ...powerOf(rest), ...PAIR.mul];
}
