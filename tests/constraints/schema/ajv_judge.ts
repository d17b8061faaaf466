// ajv as an independent judge of what our grammars produce and refuse.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** Tells whether a value is valid, after ajv. Multiples are compared exactly enough for what the tests write. */
export function ajvJudge(schema: unknown): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, allErrors: false, multipleOfPrecision: 9 });
  addFormats.default(ajv);
  const validate = ajv.compile(schema as object);
  return (value) => validate(value) === true;
}
