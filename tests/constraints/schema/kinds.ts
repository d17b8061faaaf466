// Schemas of the kinds that people write, one or more for each keyword, for the tests that judge by ajv.

/** Name → schema. Property names, orders and texts are made up. */
export const KINDS: Readonly<Record<string, unknown>> = {
  flat: {
    type: "object",
    properties: {
      id: { type: "integer" },
      name: { type: "string", maxLength: 8 },
      tags: { type: "array", items: { type: "string", maxLength: 3 }, maxItems: 2 },
    },
    required: ["id", "name"],
    additionalProperties: false,
  },
  open: {
    type: "object",
    properties: { a: { type: "boolean" } },
    required: ["b"],
    additionalProperties: { type: "integer", minimum: -3, maximum: 3 },
  },
  nested: {
    type: "object",
    properties: {
      at: {
        type: "object",
        properties: { x: { type: "number", minimum: 0, exclusiveMaximum: 1 } },
        required: ["x"],
        additionalProperties: false,
      },
    },
    required: ["at"],
    additionalProperties: false,
  },
  patterns: {
    type: "object",
    patternProperties: { "^x-": { type: "null" }, "^[a-c]+$": { type: "boolean" } },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 3,
  },
  overlappingPatterns: {
    type: "object",
    patternProperties: {
      "^a": { type: ["integer", "null"] },
      "b$": { type: ["null", "string"], maxLength: 1 },
    },
    additionalProperties: false,
    maxProperties: 2,
  },
  names: {
    type: "object",
    propertyNames: { pattern: "^[a-z]{1,3}$" },
    additionalProperties: { enum: [1, 2] },
    minProperties: 1,
    maxProperties: 2,
  },
  tuple: {
    type: "array",
    prefixItems: [{ const: "p" }, { type: "integer", minimum: 0, maximum: 9 }],
    items: { type: "boolean" },
    minItems: 1,
    maxItems: 4,
  },
  contains: {
    type: "array",
    items: { type: "integer", minimum: 0, maximum: 3 },
    contains: { const: 2 },
    minContains: 1,
    maxContains: 2,
    maxItems: 4,
  },
  unique: { type: "array", items: { enum: ["r", "g", "b", 7] }, uniqueItems: true, minItems: 2 },
  numbers: {
    type: "array",
    items: {
      anyOf: [{ type: "number", minimum: -1.25, maximum: 20.5 }, {
        type: "integer",
        exclusiveMinimum: 100,
        multipleOf: 15,
      }],
    },
    maxItems: 3,
  },
  decimals: { type: "number", multipleOf: 0.25, minimum: -10, maximum: 10 },
  strings: {
    type: "string",
    pattern: "^[a-z]+(-[0-9]{2,3})?$",
    minLength: 4,
    maxLength: 9,
    not: { pattern: "zz" },
  },
  lookAhead: { type: "string", pattern: "^(?!con$|nul$)[a-z]{3}$" },
  formats: {
    type: "object",
    properties: {
      day: { type: "string", format: "date" },
      id: { type: "string", format: "uuid" },
      ip: { type: "string", format: "ipv4" },
      when: { type: "string", format: "date-time" },
    },
    required: ["day", "id", "ip", "when"],
    additionalProperties: false,
  },
  choice: { enum: ["a", 1, 2.5, null, true, [], { k: ["v"] }] },
  anyOf: {
    anyOf: [
      {
        type: "object",
        properties: { kind: { const: "cat" }, lives: { type: "integer", maximum: 9 } },
        required: ["kind", "lives"],
        additionalProperties: false,
      },
      { type: "string", maxLength: 3 },
      { type: "null" },
    ],
  },
  oneOf: {
    type: "object",
    oneOf: [{ properties: { kind: { const: "a" }, x: { type: "integer" } }, required: ["kind", "x"] }, {
      properties: { kind: { const: "b" }, y: { type: "boolean" } },
      required: ["kind", "y"],
    }],
    additionalProperties: { type: ["integer", "string", "boolean"], maxLength: 1 },
    maxProperties: 3,
  },
  oneOfOverlapping: {
    type: "object",
    properties: { a: { type: "integer" }, b: { type: "integer" } },
    oneOf: [{ required: ["a"] }, { required: ["b"] }],
    additionalProperties: false,
  },
  oneOfNumbers: {
    minimum: -1000,
    maximum: 1e6,
    oneOf: [{ type: "integer", multipleOf: 3 }, { type: "integer", multipleOf: 5 }],
  },
  allOf: {
    allOf: [
      { type: "object", properties: { a: { type: ["string", "null"], minLength: 2 } }, required: ["a"] },
      { properties: { a: { type: "string", maxLength: 3 }, b: { enum: [1, 2, 3] } } },
      { properties: { b: { enum: [2, 3, 4] } }, required: ["b"] },
    ],
    maxProperties: 2,
  },
  siblings: { $ref: "#/$defs/short", pattern: "^[ab]*$", $defs: { short: { type: "string", maxLength: 3 } } },
  not: {
    type: ["string", "integer", "object"],
    maxLength: 4,
    minimum: 0,
    maximum: 30,
    not: {
      anyOf: [{ enum: ["a", "bb", 7] }, { type: "integer", multipleOf: 2 }, {
        type: "object",
        required: ["x"],
      }],
    },
    additionalProperties: { type: "null" },
    maxProperties: 1,
  },
  conditional: {
    type: "object",
    properties: { country: { enum: ["US", "NL"] }, code: { type: "string", maxLength: 7 } },
    required: ["country", "code"],
    additionalProperties: false,
    if: { properties: { country: { const: "US" } } },
    then: { properties: { code: { pattern: "^[0-9]{5}$" } } },
    else: { properties: { code: { pattern: "^[0-9]{4} [A-Z]{2}$" } } },
  },
  dependent: {
    type: "object",
    properties: { a: { const: 1 }, b: { const: 2 }, c: { type: "boolean" } },
    additionalProperties: false,
    dependentRequired: { a: ["b"] },
    dependentSchemas: { c: { required: ["a"], properties: { c: { const: true } } } },
  },
  tree: {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: {
          v: { type: "integer", minimum: 0, maximum: 9 },
          next: { $ref: "#/$defs/node" },
          many: { type: "array", items: { $ref: "#/$defs/node" }, maxItems: 2 },
        },
        required: ["v"],
        additionalProperties: false,
      },
    },
  },
  recursiveAllOf: {
    allOf: [{ $ref: "#/$defs/list" }, { $ref: "#/$defs/named" }],
    $defs: {
      list: {
        type: "object",
        properties: { rest: { $ref: "#/$defs/list" }, n: { type: "integer", maximum: 5 } },
      },
      named: {
        properties: { rest: { $ref: "#/$defs/named" }, n: { minimum: 0 } },
        required: ["n"],
        additionalProperties: false,
      },
    },
  },
  unevaluated: {
    allOf: [{ properties: { a: { type: "null" } } }],
    properties: { b: { type: "boolean" } },
    type: "object",
    unevaluatedProperties: false,
  },
  escapes: {
    type: "object",
    properties: {
      'q"u\\o\nte': { const: "tab\there" },
      "ü/😀": { type: "string", pattern: '^["\\\\é]*$', maxLength: 4 },
    },
    additionalProperties: false,
    required: ['q"u\\o\nte'],
  },
  demanded: {
    type: "object",
    not: { additionalProperties: { type: "null" } },
    additionalProperties: { type: ["null", "integer"], minimum: 0, maximum: 1 },
    maxProperties: 3,
  },
  everything: {},
};
