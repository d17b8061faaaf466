// A model's chat template as decode asks it. The last texts are kept for a while: a click asks for the same
// conversation again and again.
import { LRUCache } from "lru-cache";
import type { Message } from "../../wire/token.ts";
import type { ChatRenderer, RenderOptions } from "../../decode/types.ts";
import type { ChatTemplate } from "../../text/chat_template.ts";

const MOST_TEXTS = 32;
const LARGEST_KEY = 65_536; // UTF-16 units
const KEEP_MS = 60_000; // templates may ask for the date

export function createChatRenderer(template: ChatTemplate): ChatRenderer {
  const texts = new LRUCache<string, string>({ max: MOST_TEXTS, ttl: KEEP_MS });
  return {
    async render(messages: readonly Message[], options: RenderOptions) {
      const { addGenerationPrompt, continueFinalMessage, signal } = options;
      const key = JSON.stringify([addGenerationPrompt, continueFinalMessage, messages]);
      const known = texts.get(key);
      if (known !== undefined) return known;
      const turns = messages.map(({ role, content }) => ({ role, content }));
      const text = await template.render(turns, { addGenerationPrompt, continueFinalMessage, signal });
      if (key.length <= LARGEST_KEY) texts.set(key, text);
      return text;
    },
  };
}
