// What a request says to the chat template: turns, tools, documents and the template's own switches. Every key
// reaches the template, as in Transformers' apply_chat_template.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";
import { MOST_TEMPLATE_VALUES } from "../http/exact_json.ts";
import type { ChatMessage, JsonObject } from "../../wire/token.ts";
import { listOf, refuse } from "./list.ts";
import { text } from "./values.ts";

/** JSON nests at most this deep in what a template gets. */
const DEEPEST = 64;
/** Keys of one message: its schema copies them several times. */
const MOST_KEYS = 256;
/** What the document says of every field that a template reads. */
const VALUES = `At most ${MOST_TEMPLATE_VALUES} values, at all depths together.`;

/** A JSON object whose texts are well-formed: a lone surrogate becomes U+FFFD, as it would in UTF-8. */
const jsonObject = z.unknown()
  .superRefine((value, context) => {
    if (!isRecord(value) || value instanceof Number) {
      return context.addIssue({ code: "invalid_type", expected: "object" });
    }
    if (!nestsWithin(value, DEEPEST)) {
      context.addIssue({ code: "custom", message: `JSON may nest at most ${DEEPEST} levels deep here.` });
    }
  })
  .transform((value) => makeWellFormed(value) as JsonObject)
  .meta({ type: "object" });

function nestsWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((one) => nestsWithin(one, levels - 1));
}

function makeWellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(makeWellFormed);
  if (!isRecord(value) || value instanceof Number) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.toWellFormed(), makeWellFormed(one)]),
  );
}

const parts = listOf(z.union([text, jsonObject]), { max: 4096, sentence: "Send at most 4096 parts." });

/** Marks the name of a chat template in the OpenAPI document, which lists those of the model that serves. */
const TEMPLATE_NAME = { "x-template": true };

/** Keys that are not named here go to the template as they are. */
const knownKeys = z.looseObject({
  role: text,
  content: z.union([text, z.null(), parts]).optional().describe("A text, or parts of one."),
});

const { $schema: _, ...knownKeysJson } = z.toJSONSchema(knownKeys, { io: "input" });

/** All its keys, in their order, which a template prints: zod puts those that it knows first, and drops "__proto__". */
const message = z.unknown()
  .transform((turn, context) => {
    const say = (message: string) => refuse(context, { code: "custom", message });
    if (isRecord(turn) && Object.keys(turn).length > MOST_KEYS) {
      return say(`A message may have at most ${MOST_KEYS} keys.`);
    }
    const { data, error } = knownKeys.safeParse(turn);
    if (error !== undefined) return refuse(context, { ...error.issues[0]! });
    if (!nestsWithin(turn, DEEPEST)) return say(`JSON may nest at most ${DEEPEST} levels deep here.`);
    return makeWellFormed({ ...turn as object, ...data }) as ChatMessage;
  })
  .meta({ ...knownKeysJson, maxProperties: MOST_KEYS });

const objects = (what: string) =>
  listOf(jsonObject, { max: 4096, sentence: `Send at most 4096 ${what}.` }).nullable().prefault(null);

/** Variables that a request gives by fields of their own. */
const OWN_FIELDS = ["messages", "tools", "documents", "add_generation_prompt"];

const templateVariables = jsonObject
  .superRefine((variables, context) => {
    const own = OWN_FIELDS.find((name) => isRecord(variables) && Object.hasOwn(variables, name));
    if (own === undefined) return;
    context.addIssue({
      code: "custom",
      message: `chat_template_kwargs can't hold ${own}: it is a field of the request.`,
      path: [own],
    });
  })
  .meta({ type: "object", propertyNames: { not: { enum: OWN_FIELDS } } });

const messages = listOf(message, { max: 4096, sentence: "Send at most 4096 messages." });

/** A conversation that must be sent. */
export const conversation = messages.meta({ minItems: 1 }).describe(VALUES);

/** The fields of every request that may hold a conversation. */
export const chatFields = {
  messages: messages.nullable().prefault(null)
    .describe(
      "A conversation, instead of prompt and system_prompt. Keys besides role and content reach the template. " +
        VALUES,
    ),
  tools: objects("tools").describe(`For the chat template: functions as JSON schemas. ${VALUES}`),
  documents: objects("documents").describe(`For the chat template. ${VALUES}`),
  chat_template: text.nullable().optional().meta({
    ...TEMPLATE_NAME,
    default: null,
    description:
      "The name of one of the model's chat templates; null: tool_use where there are tools and one of that name, " +
      "else default.",
  }),
  chat_template_kwargs: templateVariables.nullable().prefault({}).transform((value) => value ?? {})
    .describe(`More variables for the chat template, enable_thinking for example. ${VALUES}`),
};
