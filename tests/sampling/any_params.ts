// Random settings of every parameter, made from the table: whatever a request may ask for.
import fc from "fast-check";
import type { Parameter } from "../../lib/sampling/parameter.ts";
import { ORDERED_STAGES, PARAMETER_LIST, type Params } from "../../lib/sampling/params.ts";

/** Any value that a request may give the parameter, in its one spelling. */
function anyValue(row: Parameter): fc.Arbitrary<unknown> {
  const values = anyOfKind(row);
  if (!("orNull" in row)) return values;
  const named = "nullAs" in row ? values.filter((value) => value !== row.nullAs) : values;
  return fc.option(named, { nil: null });
}

function anyOfKind(row: Parameter): fc.Arbitrary<unknown> {
  switch (row.kind) {
    case "number":
      return anyNumber(row.range);
    case "integer":
      return anyInteger(row.range);
    case "boolean":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...row.options.map(({ value }) => value));
    case "texts":
      return fc.array(fc.string({ unit: "binary", minLength: 1 }), { maxLength: row.most });
    case "ids":
      return fc.array(fc.maxSafeNat());
    case "biases":
      return fc.dictionary(fc.nat(999_999_999).map(String), anyNumber(row.range), { noNullPrototype: true });
    case "stages":
      return fc.shuffledSubarray([...ORDERED_STAGES]);
  }
}

/** Numbers of the range, among them its ends, whole ones and tiny ones; never -0. */
function anyNumber([min, max]: readonly [number, number]): fc.Arbitrary<number> {
  const limits = { min: Math.max(min, -1e300), max: Math.min(max, 1e300) };
  return fc.double({ ...limits, noNaN: true }).map((value) => value + 0);
}

function anyInteger([min, max]: readonly [number, number]): fc.Arbitrary<number> {
  const limits = { min: Math.max(min, Number.MIN_SAFE_INTEGER), max: Math.min(max, Number.MAX_SAFE_INTEGER) };
  return fc.oneof(
    fc.maxSafeInteger().filter((value) => value >= limits.min && value <= limits.max),
    fc.nat(1000),
  );
}

/** Settings with every parameter at any value. */
export const anyParams: fc.Arbitrary<Params> = fc.record(
  Object.fromEntries(PARAMETER_LIST.map(([name, row]) => [name, anyValue(row)])),
  { noNullPrototype: true },
) as unknown as fc.Arbitrary<Params>;
