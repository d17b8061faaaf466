// Why a choice ends, and what it cost, in OpenAI's words.
import { z } from "zod";
import type { CompletionEnd } from "../../engine/complete.ts";

export const finishReason = z.enum(["stop", "length"]);

export const stopReason = z.union([z.string(), z.int()]).nullable()
  .describe("The stop sequence or token id that ended it; null for the end of the text itself.");

/** Both fields of a choice that has ended. */
export function endingOf({ reason, stoppedBy }: CompletionEnd) {
  const length = reason === "length" || reason === "context_full";
  return {
    finish_reason: length ? "length" as const : "stop" as const,
    stop_reason: reason === "end_of_text" ? null : stoppedBy,
  };
}

export const usageSchema = z.object({
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  total_tokens: z.int().min(0),
});

/** A prompt counts once, however many choices it has. */
export function usageOf(prompt: number, completion: number): z.output<typeof usageSchema> {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
