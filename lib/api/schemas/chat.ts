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

const DEEP_SENTENCE = `JSON may nest at most ${DEEPEST} levels deep here.`;

/** A JSON object whose texts are well-formed: a lone surrogate becomes U+FFFD, as it would in UTF-8. */
const jsonObject = z.unknown()
  .superRefine((value, context) => {
    if (!isObject(value)) return context.addIssue({ code: "invalid_type", expected: "object" });
    if (!nestsWithin(value, DEEPEST)) context.addIssue({ code: "custom", message: DEEP_SENTENCE });
  })
  .transform((value) => makeWellFormed(value) as JsonObject)
  .meta({ type: "object" });

function isObject(value: unknown): value is JsonObject {
  return isRecord(value) && !(value instanceof Number); // a float as Python reads it
}

function nestsWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((one) => nestsWithin(one, levels - 1));
}

/** The value itself where there is nothing to change: a copy of very many takes long. */
function makeWellFormed(value: unknown): unknown {
  return isWellFormed(value) ? value : writeWellFormed(value);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  for (const key in value) {
    if (!key.isWellFormed() || !isWellFormed((value as JsonObject)[key])) return false;
  }
  return true;
}

function writeWellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(writeWellFormed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.toWellFormed(), writeWellFormed(one)]),
  );
}

const MOST_PARTS = 4096;
const parts = listOf(z.union([text, jsonObject]), {
  max: MOST_PARTS,
  sentence: `Send at most ${MOST_PARTS} parts.`,
});

/** Marks the name of a chat template in the OpenAPI document, which lists those of the model that serves. */
const TEMPLATE_NAME = { "x-template": true };

/** Keys that are not named here go to the template as they are. */
const knownKeys = z.looseObject({
  role: text,
  content: z.union([text, z.null(), parts]).optional().describe("A text, or parts of one."),
});

const { $schema: _, ...knownKeysJson } = z.toJSONSchema(knownKeys, { io: "input" });

/** All its keys, in their order, which a template prints: zod puts those that it knows first, drops "__proto__", and
 * takes ten times as long. */
const message = z.unknown()
  .transform((turn, context) => {
    const say = (message: string) => refuse(context, { code: "custom", message });
    if (isRecord(turn) && Object.keys(turn).length > MOST_KEYS) {
      return say(`A message may have at most ${MOST_KEYS} keys.`);
    }
    const nests = nestsWithin(turn, DEEPEST);
    if (nests && isTurn(turn)) return makeWellFormed(turn) as ChatMessage;
    const { error } = knownKeys.safeParse(turn);
    return error === undefined ? say(DEEP_SENTENCE) : refuse(context, { ...error.issues[0]! });
  })
  .meta({ ...knownKeysJson, maxProperties: MOST_KEYS });

/** Whether a value is a turn: all that `knownKeys` takes, so that it is asked for what is wrong with others alone. */
function isTurn(turn: unknown): turn is JsonObject {
  if (!isRecord(turn) || typeof turn.role !== "string") return false;
  const { content = null } = turn;
  if (content === null || typeof content === "string") return true;
  const isPart = (part: unknown) => typeof part === "string" || isObject(part);
  return Array.isArray(content) && content.length <= MOST_PARTS && content.every(isPart);
}

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
