// Lists of a request, checked item by item up to the first bad one: zod's own arrays collect an issue for every
// item, and a body has room for very many.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";

interface ListLimit {
  readonly max: number;
  /** What to say where a list is longer: a whole sentence. */
  readonly sentence: string;
  /** Whether the OpenAPI document states the limit: not where a body has hardly room for more. */
  readonly stated?: boolean;
}

/** A list of items of one schema; `limit` bounds its length. */
export function listOf<T extends z.ZodType>(item: T, limit: ListLimit) {
  const { $schema: _, ...items } = z.toJSONSchema(item, { io: "input" });
  return z.unknown()
    .transform((value, context) => {
      if (!Array.isArray(value)) return refuse(context, { code: "invalid_type", expected: "array" });
      if (value.length > limit.max) return refuse(context, { code: "custom", message: limit.sentence });
      const items: z.output<T>[] = [];
      for (const [at, one] of value.entries()) {
        const { data, error } = item.safeParse(one);
        if (error === undefined) items.push(inOrderOf(one, data!));
        else {
          const [issue] = error.issues as [z.core.$ZodIssue];
          return refuse(context, { ...issue, path: [at, ...issue.path] });
        }
      }
      return items;
    })
    .meta({ type: "array", items, ...(limit.stated ? { maxItems: limit.max } : {}) });
}

/** Says in a transform what is wrong with a value, which goes on unread. A key that is not known leaves a union's other
 * forms out, as where zod finds it. */
export function refuse(
  context: z.core.$RefinementCtx,
  issue: { readonly code: string; readonly [part: string]: unknown },
): never {
  const goesOn = issue.code === "unrecognized_keys";
  context.addIssue({ ...issue, continue: goesOn } as Parameters<typeof context.addIssue>[0]);
  return context.value as never;
}

/** The item as its schema has it. One that was refused for a key that it does not know comes here too: zod stops at
 * every other issue. */
export function parseItem<T extends z.ZodType>(item: T, one: unknown): z.output<T> {
  const { data, success } = item.safeParse(one);
  return success ? inOrderOf(one, data) : one as z.output<T>;
}

/** `parsed` with its keys in the order of `sent`: zod puts those that it knows first, and a template prints them. */
function inOrderOf<T>(sent: unknown, parsed: T): T {
  if (!isRecord(sent) || !isRecord(parsed) || sent instanceof Number) return parsed;
  const before = Object.keys(sent).filter((key) => Object.hasOwn(parsed, key)).map((
    key,
  ) => [key, parsed[key]]);
  return { ...Object.fromEntries(before), ...parsed };
}
