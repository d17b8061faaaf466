// What a request must hold besides the types of its fields, in JSON Schema: validators of these rules are elsewhere
// (lib/decode knows the model), the OpenAPI document only says them.
import { CONSTRAINT_KINDS, CONSTRAINT_TYPES, NO_CONSTRAINT } from "../../sampling/constraint_kinds.ts";
import type { Json } from "./operation.ts";

/** The field is sent, and is such a value. */
export function requireValue(name: string, value: Json): Json {
  return { required: [name], properties: { [name]: value } };
}

/** The field is left out, or is such a value. */
export function allowValue(name: string, value: Json): Json {
  return { properties: { [name]: value } };
}

/** The field is left out or null. */
export function requireAbsent(name: string): Json {
  return allowValue(name, NONE);
}

export const SOME = { type: "array", minItems: 1 };
/** A text that is a context: not empty, where the tokenizer puts nothing before it. The document says which. */
export const CONTEXT_TEXT = { type: "string", "x-context": true };
const SOME_TEXT = { type: "string", minLength: 1 };
const NONE = { type: "null" };
/** What asks for nothing, where it is sent. */
export const FALSE = { enum: [false, null] };

/** Cases in which the last turn, if there is one, has a text. JSON Schema knows no last item: for more turns than here
 * all are asked for one. */
export const LAST_HAS_TEXT: readonly Json[] = [
  allowValue("messages", { type: ["null", "array"], maxItems: 0 }),
  allowValue("messages", { minItems: 9, items: requireValue("content", SOME_TEXT) }),
  ...[...Array(8).keys()].map((before) =>
    allowValue("messages", {
      minItems: before + 1,
      maxItems: before + 1,
      prefixItems: [...Array(before).fill({}), requireValue("content", SOME_TEXT)],
    })
  ),
];

/** A last turn that is gone on in has a text. */
export const CONTINUED: Json = {
  anyOf: [allowValue("continue_final_message", FALSE), ...LAST_HAS_TEXT],
};

/** A context has at least one token, a conversation goes through the chat template, and its last turn may be gone on
 * in. `completed`: what says that the completion puts a token there. One list of cases, because a generator of requests
 * multiplies the cases of several lists. */
export const contextRules = (completed: Json): readonly Json[] => {
  const templated = allowValue("use_chat_template", { enum: [true, null] });
  const [byText, byIds] = [requireAbsent("prompt_ids"), requireValue("prompt_ids", { type: "array" })];
  const written: Json[] = [
    requireValue("prompt_ids", SOME),
    completed,
    { allOf: [byText, { anyOf: [requireValue("prompt", CONTEXT_TEXT), templated] }] },
  ];
  const conversing: Json[] = [
    requireValue("prompt_ids", SOME),
    { allOf: [byIds, completed] },
    { allOf: [byText, requireValue("messages", SOME), templated] },
  ];
  return [{
    anyOf: [
      { allOf: [requireAbsent("messages"), { anyOf: written }] },
      { allOf: [CONTINUED, { anyOf: conversing }] },
    ],
  }];
};

/** Of requests that read the whole completion. */
export const CONTEXT_RULES = contextRules(requireValue("completion_ids", SOME));

/** Either text or ids, which are taken where both are sent. */
export const TEXT_OR_IDS: Json = {
  anyOf: [requireValue("ids", SOME), {
    allOf: [requireValue("text", CONTEXT_TEXT), requireAbsent("ids")],
  }],
};

/** A constraint that is on has a text of its kind. */
export const CONSTRAINT_RULES: Json = {
  anyOf: [allowValue("enabled", { const: false }), ...constraintTexts()],
};

/** Choices are sent, whether they are in force or not. */
export const CHOICES_RULE: Json = requireValue("constraint", {
  type: "object",
  allOf: [
    allowValue("type", { const: "multiple_choice" }),
    requireValue("schema", CONSTRAINT_KINDS.multiple_choice.language),
  ],
});

/** A text of its kind for each kind of constraint; the type may be left out where it is the default. */
function constraintTexts(): Json[] {
  return CONSTRAINT_TYPES.map((type) => {
    const isOfType = { const: type };
    return type === NO_CONSTRAINT.type
      ? { allOf: [allowValue("type", isOfType), requireValue("schema", CONSTRAINT_KINDS[type].language)] }
      : {
        allOf: [
          requireValue("type", isOfType),
          requireValue("schema", { type: "string", ...CONSTRAINT_KINDS[type].language }),
        ],
      };
  });
}
