// The turns of a chat request on their way to the chat template: OpenAI's forms, which many templates do not know.
import { z } from "zod";
import { isRecord } from "../../basics/is_record.ts";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { faultOf } from "../../fault.ts";
import type { ReadPromptInput, ReadPromptResult } from "../../wire/sample.ts";
import type { ChatMessage } from "../../wire/token.ts";
import { apiFault } from "../http/errors.ts";
import type { Json } from "../schemas/operation.ts";
import { allowValue, FALSE, LAST_HAS_TEXT } from "../schemas/rules.ts";

type Turns = readonly ChatMessage[];

/** How a conversation ends, as OpenAI's clients leave it to the server. */
export const turnFields = {
  add_generation_prompt: z.boolean().optional()
    .describe("Opens the assistant's turn; by default unless the last message is one."),
  continue_final_message: z.boolean().optional()
    .describe("Goes on in the last message; by default where it is the assistant's."),
};

/** What turnOf refuses, and that a turn which is gone on in has a text, in JSON Schema. */
export const TURN_RULE: Json = {
  anyOf: [
    allowValue("continue_final_message", FALSE),
    ...LAST_HAS_TEXT.map((rule) => ({ allOf: [allowValue("add_generation_prompt", FALSE), rule] })),
  ],
};

interface TurnRequest {
  readonly messages: Turns;
  readonly add_generation_prompt?: boolean | undefined;
  readonly continue_final_message?: boolean | undefined;
}

/** A turn is opened, or the last one gone on in: as llama.cpp's server and vLLM do, the assistant's text by default.
 * Throws invalid_request where both are asked for. */
export function turnOf(
  { messages, add_generation_prompt: opened, continue_final_message: continued }: TurnRequest,
) {
  if (continued === true && opened === true) {
    const message =
      "add_generation_prompt opens a turn, and continue_final_message goes on in one. Send one of them.";
    throw apiFault("invalid_request", message, "continue_final_message");
  }
  const last = messages.at(-1);
  const isOpen = last?.role === "assistant" && typeof last.content === "string";
  const goesOn = continued ?? (isOpen && opened !== true);
  return { add_generation_prompt: opened ?? !goesOn, continue_final_message: goesOn };
}

/** Parts that are text. */
const TEXTS = ["text", "input_text", "output_text", "refusal"];

/** OpenAI's newer name of the system's turn, which chat templates do not know, is the older one. Throws invalid_request
 * for parts that are no text. */
export function readTurns(messages: Turns): Turns {
  for (const [at, { content }] of messages.entries()) {
    if (!Array.isArray(content)) continue;
    const other = content.findIndex((part) => isRecord(part) && !isText(part.type));
    if (other < 0) continue;
    const { type: sent } = content[other] as Record<string, unknown>;
    const type = JSON.stringify(typeof sent === "string" ? sent.slice(0, 40) : typeof sent);
    const field = `messages[${at}].content[${other}]`;
    throw apiFault("invalid_request", `Only text is read here: ${field} is of type ${type}.`, field);
  }
  return messages.map((turn) => turn.role === "developer" ? { ...turn, role: "system" } : turn);
}

/** The prompt of turns. A template that reads texts alone gets parts joined by line breaks, and "" for a turn without
 * content, as vLLM gives them to it. Throws what the job throws for the turns as they are. */
export async function readChat(
  engine: Pick<Engine, "submit">,
  input: ReadPromptInput & { readonly messages: Turns },
  options: SubmitOptions,
): Promise<ReadPromptResult> {
  const isPlain = input.messages.every(({ content }) => typeof content === "string");
  const asText = () => {
    const messages = input.messages.map((turn) => ({ ...turn, content: plainText(turn.content) }));
    return engine.submit("read_prompt", { ...input, messages }, options);
  };
  try {
    const prompt = await engine.submit("read_prompt", input, options);
    return isPlain || !showsParts(prompt) ? prompt : await asText();
  } catch (error) {
    const refused = ["invalid_request", "unsupported"].includes(faultOf(error)?.code ?? "");
    if (isPlain || !refused) throw error;
    return await asText().catch(() => Promise.reject(error));
  }
}

function plainText(content: ChatMessage["content"]): string {
  if (!Array.isArray(content)) return typeof content === "string" ? content : "";
  return content.map((part) => isRecord(part) ? asText(part.text ?? part.refusal ?? "") : asText(part)).join(
    "\n",
  );
}

/** Not `String`: an object of JSON may have a toString that is no function. Large whole numbers are BigInts. */
function asText(value: unknown): string {
  if (typeof value === "string" || typeof value === "bigint") return String(value);
  return JSON.stringify(value, (_, one) => typeof one === "bigint" ? String(one) : one) ?? "";
}

function isText(type: unknown): boolean {
  return typeof type === "string" && TEXTS.includes(type);
}

/** True where the template wrote a list as Python prints it, for want of knowing parts. */
function showsParts({ template_text }: ReadPromptResult): boolean {
  return /\[\{'(type|text)': '/.test(template_text ?? "");
}
