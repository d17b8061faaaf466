// The settings of a request as a schema, made from the table of parameters in lib/sampling.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";
import { normaliseValue, TOKEN_KEY } from "../../sampling/param_values.ts";
import type { Parameter } from "../../sampling/parameter.ts";
import { ORDERED_STAGES, PARAMETER_LIST, type ParamName, type Params } from "../../sampling/params.ts";
import { listOf } from "./list.ts";
import { text, TOKEN_ID, tokenIds } from "./values.ts";

type RowOf<Kind extends Parameter["kind"]> = Extract<Parameter, { kind: Kind }>;

/** Every setting with its range and default. What they do is in lib/sampling. */
export const paramsSchema: z.ZodType<Params> = z.strictObject(
  Object.fromEntries(PARAMETER_LIST.map(([name, row]) => [name, schemaOf(name, row, row.default)])),
) as unknown as z.ZodType<Params>;

/** The settings as fields of a request of another server's API, with the defaults of `defaults`. A top_k of -1 is
 * vLLM's word for off, and is read before these are. */
export function paramFields(defaults: Params): Record<ParamName, z.ZodType> {
  const fields = Object.fromEntries(
    PARAMETER_LIST.map(([name, row]) => [name, schemaOf(name, row, defaults[name])]),
  ) as Record<ParamName, z.ZodType>;
  return { ...fields, top_k: fields.top_k.meta({ minimum: -1 }) };
}

function schemaOf(name: string, row: Parameter, value: unknown): z.ZodType {
  const values = valuesOf(name, row);
  const schema = "orNull" in row ? values.nullable() : values;
  const description = "orNull" in row ? `${row.about} null: ${row.orNull}.` : row.about;
  return withDefault(schema.overwrite((value) => normaliseValue(row, value)), value).describe(description);
}

/** Where a schema transforms, zod leaves a default out of the JSON Schema; a prefault it keeps. */
function withDefault(schema: z.ZodType, value: unknown): z.ZodType {
  const isList = typeof value === "object";
  return isList ? schema.prefault(value) : schema.default(value);
}

function valuesOf(name: string, row: Parameter): z.ZodType {
  switch (row.kind) {
    case "number":
      return limitRange(z.number(), row.range);
    case "integer":
      return limitRange(z.int(), row.range);
    case "boolean":
      return z.boolean();
    case "choice":
      return z.enum(row.options.map(({ value }) => value));
    case "texts":
      return listOf(text, {
        max: row.most,
        sentence: `Send at most ${row.most} ${spellName(name)}.`,
        stated: true,
      });
    case "ids":
      return tokenIds;
    case "biases":
      return biasesOf(name, row);
    case "stages":
      return stageOrder(name);
  }
}

/** "stop_sequences" -> "stop sequences". */
function spellName(name: string): string {
  return name.replaceAll("_", " ");
}

function limitRange(schema: z.ZodNumber, [min, max]: readonly [number, number]): z.ZodNumber {
  const founded = min > -Infinity ? schema.min(min) : schema;
  return max < Infinity ? founded.max(max) : founded;
}

/** Stages, each at most once. */
function stageOrder(name: string): z.ZodType {
  const sentence = `Name each stage once in ${name}.`;
  return listOf(z.enum(ORDERED_STAGES), { max: ORDERED_STAGES.length, sentence, stated: true })
    .refine((stages) => new Set(stages).size === stages.length, sentence)
    .meta({ uniqueItems: true });
}

/** Numbers by token id. Own keys only: `__proto__` in a body is a key like any other, and no id. */
function biasesOf(name: string, { range: [min, max] }: RowOf<"biases">): z.ZodType {
  return z.unknown()
    .superRefine((value, context) => {
      if (!isRecord(value)) return context.addIssue({ code: "invalid_type", expected: "object" });
      for (const [id, bias] of Object.entries(value)) {
        const known = TOKEN_KEY.test(id);
        if (known && typeof bias === "number" && bias >= min && bias <= max) continue;
        const message = known
          ? `${name} of token ${id} must be a number from ${min} to ${max}.`
          : `The keys of ${name} must be token ids, but one is ${JSON.stringify(id.slice(0, 40))}.`;
        return context.addIssue({ code: "custom", message, path: known ? [id] : [] });
      }
    })
    .transform((value) =>
      Object.fromEntries(
        Object.entries(value as Record<string, number>).map(([id, bias]) => [id, bias + 0]),
      )
    )
    .meta({
      type: "object",
      propertyNames: { pattern: TOKEN_KEY.source, ...TOKEN_ID },
      additionalProperties: { type: "number", minimum: min, maximum: max },
    });
}
