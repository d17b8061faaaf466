// Tokens put together, as the request wants to read them.
import { countCommonPrefix } from "../../basics/common_prefix.ts";
import { type Segment, segmentMessages, segmentText, sumScores } from "../../attribution/segments/segment.ts";
import { fault, faultOf } from "../../fault.ts";
import type { AttributionInput, SegmentScore } from "../../wire/attribution.ts";
import { NO_MESSAGES } from "../../wire/attribution_methods.ts";
import type { ChatMessage, Token } from "../../wire/token.ts";
import { type Context, contextOf } from "../context.ts";
import type { LanguageModel } from "../types.ts";

/** The sums of the tokens' scores over words, sentences or messages; none for tokens. */
export function segmentScores(
  segments: readonly Segment[],
  tokens: readonly Token[],
  scores: readonly number[],
): SegmentScore[] {
  const sums = sumScores(scores, segments);
  return segments.map(({ from, to }, i) => ({
    from,
    to,
    text: tokens.slice(from, to).map(({ text }) => text).join(""),
    score: sums[i]!,
  }));
}

/** The segments of a context. Rejects with the fault invalid_request for messages where the request sends none. */
export async function segmentsOf(
  input: AttributionInput,
  context: Context,
  tokens: readonly Token[],
  model: LanguageModel,
  signal: AbortSignal,
): Promise<Segment[]> {
  const { segments: unit } = input;
  if (unit === "token") return [];
  if (unit !== "message") return segmentText(tokens.map(({ text }) => text), unit);
  if (context.templateText === null) {
    throw fault(
      "invalid_request",
      NO_MESSAGES,
      "segments",
    );
  }
  return segmentMessages(await findMessageStarts(input, context, model, signal), context.ids.length);
}

/** Where each message begins: what a shorter conversation and this one have in common ends there. A start that the
 * template does not tell (it refuses the shorter one) is left out, and both messages are one segment. */
async function findMessageStarts(
  input: AttributionInput,
  { ids }: Context,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<number[]> {
  const conversation = conversationOf(input);
  const starts = new Set([0]);
  for (let count = 1; count <= conversation.length; count++) {
    const shorter = {
      ...input,
      messages: conversation.slice(0, count),
      ...{ add_generation_prompt: false, continue_final_message: false, completion_ids: [] },
    };
    try {
      const start = countCommonPrefix((await contextOf(shorter, model, signal)).ids, ids);
      if (start < ids.length) starts.add(start);
    } catch (error) {
      if (faultOf(error) === null) throw error;
    }
  }
  return [...starts].sort((a, b) => a - b);
}

function conversationOf({ messages, prompt, system_prompt }: AttributionInput): readonly ChatMessage[] {
  if (messages !== null) return messages;
  const system = system_prompt === "" ? [] : [{ role: "system", content: system_prompt }];
  return [...system, { role: "user", content: prompt }];
}
