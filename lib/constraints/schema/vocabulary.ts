// Which keywords there are, and what becomes of each.

/** Keywords that say nothing about validity (2020-12, and what earlier drafts called so). */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "default",
  "examples",
  "example",
  "deprecated",
  "readOnly",
  "writeOnly",
  "$comment",
  "$schema",
  "$vocabulary",
  "$id",
  "id",
  "$anchor",
  "$dynamicAnchor",
  "$recursiveAnchor",
  "$defs",
  "definitions",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
]);

const NUMBER_KEYWORDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const STRING_KEYWORDS = ["minLength", "maxLength", "pattern", "format"];
export const ARRAY_KEYWORDS = [
  "items",
  "additionalItems",
  "prefixItems",
  "minItems",
  "maxItems",
  "contains",
  "minContains",
  "maxContains",
  "uniqueItems",
];
export const OBJECT_KEYWORDS = [
  "properties",
  "patternProperties",
  "additionalProperties",
  "propertyNames",
  "required",
  "minProperties",
  "maxProperties",
];

/** Keywords that are read together, because some depend on each other. */
export const BASIC: ReadonlySet<string> = new Set([
  "type",
  ...NUMBER_KEYWORDS,
  ...STRING_KEYWORDS,
  ...ARRAY_KEYWORDS,
  ...OBJECT_KEYWORDS,
]);
