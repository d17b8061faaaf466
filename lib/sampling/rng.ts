// Random numbers that can be replayed in any order: a counter-based generator has no state, so the number of a
// position never depends on what was drawn before. Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011.

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

type Words4 = readonly [number, number, number, number];

/** Philox4x32 with 10 rounds: 128 random bits of a counter and a 64-bit key, all as unsigned 32-bit words. */
export function philox(counter: Words4, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** What a number is drawn for; each purpose has numbers of its own at the same position. */
type Purpose = "token" | "xtc";
const STREAM: Readonly<Record<Purpose, number>> = { token: 0, xtc: 1 };

/**
 * The number u in [0, 1), 53 bits, of a seed and a position (number of ids before the drawn token). Seed: any safe
 * integer, negative ones too.
 */
export function uniformAt(seed: number, position: number, purpose: Purpose = "token"): number {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Expected seed to be a safe integer but found ${seed}`);
  }
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new RangeError(`Expected position to be an integer of at least 0 but found ${position}`);
  }
  const [p0, p1] = splitHalves(position);
  const [a, b] = philox([p0, p1, STREAM[purpose], 0], splitHalves(seed));
  return ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
}

/** A random number in [0, 1) of 53 bits. */
export function drawUnit(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/** A safe integer as 64-bit two's complement: low word, high word. */
function splitHalves(value: number): [number, number] {
  return [value >>> 0, Math.floor(value / 2 ** 32) >>> 0];
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers, by halves of 16 bits. */
function multiplyHigh(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16); // below 2^33: exact
  const carry = aLow * bHigh + (middle % 65536);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}
