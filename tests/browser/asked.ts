// What the page asked of the fake engine, in the words of the tests, and what the right answer to it is.
import type { DistResult } from "../../lib/wire/distribution.ts";
import type { PreviewInput } from "../../lib/wire/preview.ts";
import type { StepInput } from "../../lib/wire/step.ts";
import { preview } from "../../lib/decode/preview.ts";
import { step } from "../../lib/decode/step.ts";
import type { LanguageModel } from "../../lib/decode/types.ts";
import type { FakeAnswers } from "../fakes.ts";
import { finish } from "../decode/jobs.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_EOS_ID } from "../fake_model.ts";
import { FAKE_INFO } from "../fakes.ts";
import type { PageServer } from "./server.ts";

export interface Asked {
  readonly kind: "preview" | "step";
  /** The ids of the text whose next token is wanted; null where the prompt was sent as text. */
  readonly ids: readonly number[] | null;
  readonly text: string;
  readonly temperature: number;
  readonly topK: number;
  readonly input: PreviewInput;
  readonly signal: AbortSignal;
}

/** Every question about a distribution, in order; what is looked ahead at is left out. */
export function askedOf({ engine }: PageServer): Asked[] {
  return engine.jobs.flatMap((job): Asked[] => {
    if (job.kind !== "preview" && job.kind !== "step") return [];
    if (/\.(peek|ahead)$/.test(job.client)) return [];
    const input = job.input as PreviewInput & Partial<StepInput>;
    const forced = input.force_token_id == null ? [] : [input.force_token_id];
    return [{
      kind: job.kind,
      ids: input.prompt_ids === null ? null : [...input.prompt_ids, ...input.completion_ids, ...forced],
      text: input.prompt,
      temperature: input.params.temperature,
      topK: input.top_k,
      input,
      signal: job.signal,
    }];
  });
}

export function lastAsked(server: PageServer): Asked {
  return askedOf(server).at(-1)!;
}

const never = new AbortController().signal;

/** The distribution that the page must show for a question. */
export async function rightAnswer(
  { input, ids }: Asked,
  model: LanguageModel = fakeLanguage(FAKE_INFO),
): Promise<{
  readonly text: string;
  readonly dist: DistResult;
}> {
  const completion = ids === null ? input.completion_ids : ids.slice(input.prompt_ids!.length);
  const result = await finish(preview({ ...input, completion_ids: completion }, model, never));
  const tokens = [...result.prompt_tokens, ...result.completion_tokens];
  return { text: tokens.map((token) => token.text).join(""), dist: result.dist };
}

/** The fake model with the end of the text as its most probable token everywhere. */
export function endingLanguage(): LanguageModel {
  return likelyLanguage(FAKE_EOS_ID);
}

/** The fake model with one most probable token everywhere. */
export function likelyLanguage(id: number): LanguageModel {
  return withLogit(fakeLanguage(FAKE_INFO), id, 9);
}

/** The fake model that never ends its text. */
export function endlessLanguage(contextLength: number): LanguageModel {
  return withLogit(fakeLanguage({ ...FAKE_INFO, contextLength }), FAKE_EOS_ID, -100);
}

/** A model with the same logit for one token everywhere. */
function withLogit(plain: LanguageModel, id: number, logit: number): LanguageModel {
  return {
    ...plain,
    logits: {
      ...plain.logits,
      async *after(ids, signal) {
        const answer = yield* plain.logits.after(ids, signal);
        return { ...answer, logits: Float32Array.from(answer.logits).fill(logit, id, id + 1) };
      },
    },
  };
}

/** The answers of a model of one's own; `wait` before each. */
export function answersOf(
  model: LanguageModel = fakeLanguage(FAKE_INFO),
  wait: (input: PreviewInput) => Promise<void> = () => Promise.resolve(),
): FakeAnswers {
  return {
    async preview(input) {
      await wait(input);
      return await finish(preview(input, model, never));
    },
    async step(input) {
      await wait(input);
      return await finish(step(input, model, never, 0.5));
    },
  };
}
