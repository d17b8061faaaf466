// Random distributions, paths and settings for the property tests.
import fc from "fast-check";
import { DEFAULT_ORDER, NEUTRAL_PARAMS, type Params } from "../../lib/sampling/params.ts";

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Logits of 2 to 60 tokens: spread, tied or masked; at least one is finite. */
export const anyLogits: fc.Arbitrary<Float64Array> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: finite(-12, 12) },
    { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 1, arbitrary: finite(-1000, 1000) },
    { weight: 1, arbitrary: fc.constant(-Infinity) },
  ),
  { minLength: 2, maxLength: 60, size: "max" },
).map((list) => Float64Array.from(list)).filter((logits) => logits.some((logit) => logit > -Infinity));

export interface Path {
  readonly history: readonly number[];
  readonly promptLength: number;
}

/** Up to 24 ids of a small vocabulary, so that they repeat; some beyond a distribution of few tokens. */
export const anyPath: fc.Arbitrary<Path> = fc.array(fc.nat(9), { maxLength: 24, size: "max" }).chain((
  history,
) => fc.record({ history: fc.constant(history), promptLength: fc.nat(history.length) }));

/** `value`, or the setting that switches its stage off. */
const orOff = <T>(value: fc.Arbitrary<T>, off: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(off) }, { weight: 1, arbitrary: value });

const valueSettings = fc.record({
  logit_bias: orOff(fc.dictionary(fc.nat(12).map(String), finite(-20, 20), { maxKeys: 3 }), {}),
  repetition_penalty: orOff(finite(0.5, 2), 1),
  presence_penalty: orOff(finite(-2, 2), 0),
  frequency_penalty: orOff(finite(-2, 2), 0),
  penalty_scope: fc.constantFrom("all" as const, "completion" as const),
  penalty_last_n: orOff(fc.nat(12), 0),
  dry_multiplier: orOff(finite(0, 2), 0),
  dry_allowed_length: fc.integer({ min: 1, max: 4 }),
  dry_breakers: fc.array(fc.nat(9), { maxLength: 2 }),
});

const filterSettings = fc.record({
  top_k: orOff(fc.integer({ min: 1, max: 30 }), 0),
  top_p: orOff(finite(0, 1), 1),
  top_p_rule: fc.constantFrom("strict" as const, "at_least" as const),
  min_p: orOff(finite(0, 1), 0),
  typical_p: orOff(finite(0.05, 0.99), 1),
  epsilon_cutoff: orOff(finite(0, 0.3), 0),
  eta_cutoff: orOff(finite(0, 0.5), 0),
  top_n_sigma: orOff(finite(0.1, 3), 0),
  top_h: orOff(finite(0, 1), 0),
  xtc_probability: orOff(fc.constant(1), 0),
  xtc_threshold: finite(0.01, 0.6),
  mirostat_tau: orOff(finite(0.1, 6), 0),
});

const thermalSettings = fc.record({
  greedy: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  temperature: fc.oneof({ weight: 9, arbitrary: finite(0.1, 2) }, { weight: 1, arbitrary: fc.constant(0) }),
  dynatemp_range: orOff(finite(0, 1), 0),
});

const anyOrder = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.shuffledSubarray([...DEFAULT_ORDER], { minLength: DEFAULT_ORDER.length - 3 }) },
);

/** Settings with a few stages on, in the default order or another. */
export const anyParams: fc.Arbitrary<Params> = fc.tuple(
  valueSettings,
  filterSettings,
  thermalSettings,
  anyOrder,
)
  .map(([values, filters, thermal, stages]) => ({
    ...NEUTRAL_PARAMS,
    ...values,
    ...filters,
    ...thermal,
    stages,
  }));

/** A mask that allows the most probable token and each other by its bit; or no constraint. */
export function maskFor(logits: Float64Array, bits: number | null): Int32Array | null {
  if (bits === null) return null;
  const best = logits.indexOf(Math.max(...logits));
  const mask = new Int32Array((logits.length + 31) >> 5).fill(bits);
  mask[best >> 5]! |= 1 << (best & 31);
  return mask;
}

export const anyMaskBits: fc.Arbitrary<number | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer() },
);
