// A model's chat template as decode asks it. The last texts are kept for a while: a click asks for the same
// conversation again and again.
import { LRUCache } from "lru-cache";
import type { ChatMessage } from "../../wire/token.ts";
import type { ChatRenderer, RenderOptions } from "../../decode/types.ts";
import type { ChatTemplate } from "../../text/chat_template.ts";

const MOST_TEXTS = 32;
const LARGEST_KEY = 65_536; // UTF-16 units
const KEEP_MS = 60_000; // templates may ask for the date

/** Renders conversations in the sandbox; the last texts are remembered. */
export function createChatRenderer(template: ChatTemplate): ChatRenderer {
  const texts = new LRUCache<string, string>({ max: MOST_TEXTS, ttl: KEEP_MS });
  return {
    async render(messages: readonly ChatMessage[], options: RenderOptions) {
      const { addGenerationPrompt, continueFinalMessage, template: name, variables, signal } = options;
      const asked = {
        ...{ addGenerationPrompt, continueFinalMessage, variables },
        ...(name === null ? {} : { template: name }),
      };
      const key = keyOf([messages, asked]);
      const known = texts.get(key);
      if (known !== undefined) return known;
      const text = await template.render(messages, { ...asked, signal });
      if (key.length <= LARGEST_KEY) texts.set(key, text);
      return text;
    },
    findUnread: ({ template: name, variables }) =>
      template.findUnread({ variables, ...name === null ? {} : { template: name } }),
  };
}

/** JSON that tells apart what a template can: 1, 1.0 and "1", and the order of keys. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === "bigint") return { int: String(one) };
    return one instanceof Number ? { float: String(one) } : one;
  });
}
