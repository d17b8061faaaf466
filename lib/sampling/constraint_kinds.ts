// The table of constraint kinds: what a constraint may be written in. The schema of requests, the wire type, what is
// stored and shared, and the page's words come from it.

import { isRecord } from "../basics/is_record.ts";

interface ConstraintKind {
  readonly label: string;
  /** In "blocked by …". */
  readonly short: string;
  /** What `schema` holds, in a sentence. */
  readonly about: string;
  /** Its entry in the page's glossary. */
  readonly term: string;
  /** What `schema` must look like, in JSON Schema, as the OpenAPI document says it. */
  readonly language: Readonly<Record<string, string>>;
  /** A `schema` that works, shown where none is written yet. */
  readonly example: string;
}

export const CONSTRAINT_KINDS = {
  multiple_choice: {
    label: "Choices",
    short: "choices",
    about: "The text is one of these: one choice a line, or a JSON list.",
    term: "choices",
    // Lines, or a JSON list of texts, one of them at least not empty.
    language: { pattern: '^\\s*([^\\s\\[]|\\[\\s*("",\\s*)*"[^"\\\\]+"(\\s*,\\s*"[^"\\\\]*")*\\s*\\]\\s*$)' },
    example: "yes\nno",
  },
  regex: {
    label: "Regex",
    short: "regex",
    about: "The whole text matches this regular expression.",
    term: "regex",
    language: { format: "regex" },
    example: "[A-Z][a-z]+, \\d{4}",
  },
  cfg: {
    label: "Grammar",
    short: "grammar",
    about: "The text is a sentence of this grammar.",
    term: "grammar",
    language: { format: "grammar", pattern: "\\S" },
    example: 'root ::= "yes" | "no"',
  },
  json_schema: {
    label: "JSON schema",
    short: "schema",
    about: "The text is JSON that this schema describes.",
    term: "json_schema",
    language: {
      contentMediaType: "application/json",
      pattern: "^[ \\t\\r\\n]*(\\{[\\s\\S]*\\}|true|false)[ \\t\\r\\n]*$",
      format: "json-schema",
    },
    example: '{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}',
  },
} as const satisfies Readonly<Record<string, ConstraintKind>>;

export type ConstraintType = keyof typeof CONSTRAINT_KINDS;

export const CONSTRAINT_TYPES = Object.keys(CONSTRAINT_KINDS) as readonly ConstraintType[];

/** White space in JSON: none; at most one space after each comma and colon; any between all parts. */
export const WHITESPACE_POLICIES = ["compact", "single_space", "flexible"] as const;

/** The members of a JSON object: in any order, or in that of the schema's `properties`. */
export const PROPERTY_ORDERS = ["any", "schema"] as const;

/** How JSON is written where a schema leaves it open; for json_schema, and %json in a grammar. */
export interface ConstraintSettings {
  readonly whitespace: typeof WHITESPACE_POLICIES[number];
  readonly property_order: typeof PROPERTY_ORDERS[number];
}

export const DEFAULT_CONSTRAINT_SETTINGS: ConstraintSettings = {
  whitespace: "single_space",
  property_order: "any",
};

/** The constraint of a request. */
export interface ConstraintInput {
  readonly enabled: boolean;
  readonly type: ConstraintType;
  readonly schema: string;
  readonly settings?: ConstraintSettings | undefined; // absent: the default
}

/** Where a request names no constraint, and what the page begins with. */
export const NO_CONSTRAINT: ConstraintInput = { enabled: false, type: "multiple_choice", schema: "" };

/** A constraint from data of any origin, what is not named as in `NO_CONSTRAINT`; null where a field has no possible
 * value. */
export function readConstraint(value: unknown): ConstraintInput | null {
  if (!isRecord(value)) return null;
  const { enabled, type, schema, settings } = { settings: undefined, ...NO_CONSTRAINT, ...value };
  const known = CONSTRAINT_TYPES.find((name) => name === type);
  if (typeof enabled !== "boolean" || typeof schema !== "string" || known === undefined) return null;
  if (settings === undefined) return { enabled, type: known, schema };
  const chosen = readSettings(settings);
  return chosen === null ? null : { enabled, type: known, schema, settings: chosen };
}

function readSettings(value: unknown): ConstraintSettings | null {
  if (!isRecord(value)) return null;
  const { whitespace, property_order } = { ...DEFAULT_CONSTRAINT_SETTINGS, ...value };
  const policy = WHITESPACE_POLICIES.find((name) => name === whitespace);
  const order = PROPERTY_ORDERS.find((name) => name === property_order);
  return policy === undefined || order === undefined ? null : { whitespace: policy, property_order: order };
}
