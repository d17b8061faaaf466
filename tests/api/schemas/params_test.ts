import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRequest } from "../../../lib/api/http/parse.ts";
import { paramsSchema } from "../../../lib/api/schemas/params.ts";
import { normaliseValue, takesValue } from "../../../lib/sampling/param_values.ts";
import { DEFAULT_PARAMS, ORDERED_STAGES, PARAMETER_LIST } from "../../../lib/sampling/params.ts";
import { anyParams } from "../../sampling/any_params.ts";

/** Values that some parameter takes, or nearly. */
const anyValue = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    "strict",
    "all",
    [],
    {},
    0,
    1,
    -1,
    0.5,
    100,
    101,
    1000,
    -100.5,
    1e6,
    -1e300,
  ),
  fc.double({ noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.maxSafeInteger(),
  fc.array(fc.oneof(fc.string(), fc.nat(), fc.constantFrom(...ORDERED_STAGES)), { maxLength: 70 }),
  fc.array(fc.constantFrom(...ORDERED_STAGES)),
  fc.array(fc.string(), { size: "large", maxLength: 70 }),
  fc.dictionary(fc.oneof(fc.nat().map(String), fc.string()), fc.oneof(fc.double(), fc.constant(1e4))),
  fc.jsonValue(),
);

Deno.test("the schema of requests takes exactly what the table does, and gives the same value", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PARAMETER_LIST), anyValue, ([name, row], value) => {
      const sent = JSON.parse(JSON.stringify(value) ?? "null");
      const parsed = paramsSchema.safeParse({ [name]: sent });
      assert.equal(parsed.success, takesValue(row, sent), `${name} ${JSON.stringify(sent)}`);
      if (parsed.success) assert.deepEqual(parsed.data[name], normaliseValue(row, sent));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("any settings are taken as they are", () => {
  fc.assert(fc.property(anyParams, (params) => {
    assert.deepEqual(parseRequest(paramsSchema, JSON.parse(JSON.stringify(params))), params);
  }));
  assert.deepEqual(parseRequest(paramsSchema, {}), DEFAULT_PARAMS);
});
