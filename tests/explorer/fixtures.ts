// Sessions for tests: a model that is ready, answers from the fake model, no DOM and no network.
import type { ModelStatus, NextTokenResult } from "../../lib/api/wire.ts";
import { receive, statusChanged } from "../../lib/explorer/lifecycle.ts";
import { createSession } from "../../lib/explorer/session.ts";
import type { Question, Session } from "../../lib/explorer/types_v1.ts";
import { fakeNextToken } from "../fake_model.ts";

export const PROMPT = "The capital of France is";

export function modelStatus(changes: Partial<ModelStatus> = {}): ModelStatus {
  return {
    model_id: "fake/three-hundred-tokens",
    device: "cpu",
    dtype: "float32",
    loading: false,
    loading_id: null,
    ready: true,
    error: null,
    has_chat_template: false,
    eos_token_id: 299,
    vocab_size: 300,
    context_length: 512,
    quantization: "q4",
    runtime: "native",
    warning: null,
    load_error: null,
    prefetch: { hits: 0, wasted_tokens: 0 },
    progress: null,
    cache: { hits: 0, misses: 0, bytes: 0 },
    ...changes,
  };
}

/** What the server answers to a question. */
export function answerTo(question: Question): NextTokenResult {
  const { context, settings } = question;
  return fakeNextToken({
    text: "text" in context ? context.text : null,
    ids: "ids" in context ? context.ids : null,
    top_k: settings.topK,
    temperature: settings.temperature,
  });
}

/** Answers every open question, also those that an answer opens. */
export function settle(session: Session): Session {
  let now = session;
  while (now.pending !== null) now = receive(now, now.pending.number, answerTo(now.pending));
  return now;
}

/** A page that was just opened. */
export function opened(draft = PROMPT, model = modelStatus()): Session {
  return createSession({ draft, settings: { temperature: 0.7, topK: 10 }, model });
}

/** A page whose first prompt has been answered. */
export function started(draft = PROMPT): Session {
  return settle(statusChanged(opened(draft), modelStatus()));
}
