// Constraints to begin with, by kind.
import type { ConstraintType } from "../../sampling/constraint_kinds.ts";

export interface Example {
  readonly label: string;
  readonly schema: string;
}

export const EXAMPLES: Readonly<Record<ConstraintType, readonly Example[]>> = {
  multiple_choice: [
    { label: "Yes or no", schema: "Yes\nNo" },
    { label: "Sentiment", schema: "positive\nnegative\nneutral" },
    { label: "Cities", schema: "Paris\nLondon\nBerlin\nRome" },
    { label: "One begins another", schema: "New\nNew York\nNewcastle" },
  ],
  regex: [
    { label: "A date", schema: "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])" },
    { label: "A phone number", schema: "\\+\\d{1,3}( \\d{2,4}){2,4}" },
    { label: "One sentence", schema: "[A-Z][^.!?\\n]*[.!?]" },
    { label: "A price", schema: "[€$]\\d{1,3}(,\\d{3})*\\.\\d{2}" },
  ],
  cfg: [
    {
      label: "A sum",
      schema: [
        'root   ::= sum " = " number',
        'sum    ::= number (" + " number)+',
        "number ::= [1-9] [0-9]*",
      ].join("\n"),
    },
    {
      label: "Small talk",
      schema: [
        'root     ::= greeting ", " name "!"',
        'greeting ::= "Hello" | "Hi" | "Good morning"',
        "name     ::= [A-Z] [a-z]+",
      ].join("\n"),
    },
    {
      label: "Balanced brackets",
      schema: 'root ::= ("(" root ")" | "[" root "]")*',
    },
    {
      label: "A list in Lark's notation",
      schema: ['start: "- " item ("\\n- " item)*', "item: WORD+", "WORD: /[a-z]+ ?/"].join("\n"),
    },
  ],
  json_schema: [
    {
      label: "A person",
      schema: writeIndented({
        type: "object",
        properties: {
          name: { type: "string", maxLength: 30 },
          born: { type: "integer", minimum: 1000, maximum: 2100 },
          field: { enum: ["science", "art", "politics"] },
        },
        required: ["name", "born"],
        additionalProperties: false,
      }),
    },
    {
      label: "A list of words",
      schema: writeIndented({ type: "array", items: { type: "string", pattern: "^[a-z]+$" }, maxItems: 5 }),
    },
    {
      label: "A tree",
      schema: writeIndented({
        $ref: "#/$defs/node",
        $defs: {
          node: {
            type: "object",
            properties: {
              value: { type: "integer" },
              children: { type: "array", items: { $ref: "#/$defs/node" }, maxItems: 2 },
            },
            required: ["value"],
            additionalProperties: false,
          },
        },
      }),
    },
  ],
};

function writeIndented(schema: unknown): string {
  return JSON.stringify(schema, null, 2);
}
