// Objects of a request whose keys the client chooses. zod's own drop the key "__proto__" without a word, which is a
// name like any other in JSON.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";
import { parseItem } from "./list.ts";

/** Values of one schema by names; `least`: letters of the shortest name. */
export function recordOf<T extends z.ZodType>(item: T, least = 0) {
  const { $schema: _, ...values } = z.toJSONSchema(item, { io: "input" });
  return z.unknown()
    .superRefine((value, context) => {
      if (!isRecord(value)) return context.addIssue({ code: "invalid_type", expected: "object" });
      for (const [name, one] of Object.entries(value)) {
        if (name.length < least) {
          return context.addIssue({ code: "invalid_key", origin: "record", issues: [], path: [name] });
        }
        const issue = item.safeParse(one).error?.issues[0];
        if (issue !== undefined) return context.addIssue({ ...issue, path: [name, ...issue.path] });
      }
    })
    .transform((value): Record<string, z.output<T>> => {
      const entries = Object.entries(value as Record<string, unknown>);
      return Object.fromEntries(entries.map(([name, one]) => [name, parseItem(item, one)]));
    })
    .meta({
      type: "object",
      propertyNames: { type: "string", ...least > 0 && { minLength: least } },
      additionalProperties: values,
    });
}
