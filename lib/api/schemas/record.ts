// Objects of a request whose keys the client chooses. zod's own drop the key "__proto__" without a word, which is a
// name like any other in JSON.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";
import { readValues, refuse } from "./list.ts";

/** Values of one schema by names; `least`: letters of the shortest name. */
export function recordOf<T extends z.ZodType>(item: T, least = 0) {
  const { $schema: _, ...values } = z.toJSONSchema(item, { io: "input" });
  return z.unknown()
    .transform((value, context): Record<string, z.output<T>> => {
      if (!isRecord(value)) return refuse(context, { code: "invalid_type", expected: "object" });
      const names = Object.keys(value);
      const short = names.find((name) => name.length < least);
      if (short !== undefined) {
        return refuse(context, { code: "invalid_key", origin: "record", issues: [], path: [short] });
      }
      const read = readValues(item, Object.entries(value), context);
      return read === null ? value as never : Object.fromEntries(read.map((one, at) => [names[at], one]));
    })
    .meta({
      type: "object",
      propertyNames: { type: "string", ...least > 0 && { minLength: least } },
      additionalProperties: values,
    });
}
