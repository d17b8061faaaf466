// The turns of a chat request on their way to the chat template: OpenAI's forms, which many templates do not know.
import { isRecord } from "../../basics/is_record.ts";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { faultOf } from "../../fault.ts";
import type { ReadPromptInput, ReadPromptResult } from "../../wire/sample.ts";
import type { ChatMessage } from "../../wire/token.ts";
import { apiFault } from "../http/errors.ts";

type Turns = readonly ChatMessage[];

/** Parts that are text. */
const TEXTS = ["text", "input_text", "output_text", "refusal"];

/** OpenAI's newer name of the system's turn, which chat templates do not know, is the older one. Throws invalid_request
 * for parts that are no text. */
export function readTurns(messages: Turns): Turns {
  for (const [at, { content }] of messages.entries()) {
    if (!Array.isArray(content)) continue;
    const other = content.findIndex((part) => isRecord(part) && !TEXTS.includes(String(part.type)));
    if (other < 0) continue;
    const type = JSON.stringify(String((content[other] as Record<string, unknown>).type).slice(0, 40));
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
  const plain = input.messages.map((turn) => ({ ...turn, content: plainText(turn.content) }));
  const isPlain = input.messages.every(({ content }) => typeof content === "string");
  const asText = () => engine.submit("read_prompt", { ...input, messages: plain }, options);
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
  return content.map((part) => isRecord(part) ? String(part.text ?? part.refusal ?? "") : String(part)).join(
    "\n",
  );
}

/** True where the template wrote a list as Python prints it, for want of knowing parts. */
function showsParts({ template_text }: ReadPromptResult): boolean {
  return /\[\{'(type|text)': '/.test(template_text ?? "");
}
