// Lists of a request, checked item by item up to the first bad one: zod's own arrays collect an issue for every
// item, and a body has room for very many.
import { z } from "zod";

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
      return readValues(item, value.entries(), context) ?? value as never;
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

/** Values by their places, each as its schema has it. Null where one is refused, which is said in a transform. */
export function readValues<T extends z.ZodType>(
  item: T,
  values: Iterable<readonly [place: number | string, value: unknown]>,
  context: z.core.$RefinementCtx,
): z.output<T>[] | null {
  const read: z.output<T>[] = [];
  for (const [place, one] of values) {
    const { data, error } = item.safeParse(one);
    if (error === undefined) read.push(data!);
    else {
      const [issue] = error.issues as [z.core.$ZodIssue];
      refuse(context, { ...issue, path: [place, ...issue.path] });
      return null;
    }
  }
  return read;
}
