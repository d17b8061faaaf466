// The common way of a POST: read, validate, one job, one answer; with its progress where the client asks for events.
import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "../../define.ts";
import type { JobKind, Jobs } from "../../protocol/jobs.ts";
import type { JobProgress } from "../../wire/progress.ts";
import { readJson } from "./body.ts";
import { clientOf } from "./client.ts";
import { type ServerEvent, streamEvents, wantsEvents } from "./event_stream.ts";
import { answerBytes, countDescribed } from "./long_answer.ts";
import { parseRequest } from "./parse.ts";
import { checkTemplateName } from "./template_name.ts";

/** What a piece of work gets from the request it is for. */
export interface Asked {
  readonly signal: AbortSignal; // aborts when the client goes
  readonly onProgress: (progress: JobProgress) => void;
}

/** Answers with the job's value as JSON; with `Accept: text/event-stream` as events: `progress` where the work takes
 * several slices, then one `result`. `inEvents`: whether the request asks for events by itself. */
export async function answerJob<K extends JobKind>(
  ctx: Context<State>,
  kind: K,
  schema: z.ZodType<Jobs[K]["input"]>,
  inEvents: (input: Jobs[K]["input"]) => boolean = () => false,
): Promise<Response> {
  const { req, state } = ctx;
  const input = parseRequest(schema, await readJson(req));
  checkTemplateName(input, state.engine.status());
  const client = clientOf(ctx);
  const { model } = state.engine.status();
  const described = model.state === "ready" ? countDescribed(kind, input, model.info.vocabSize) : 0;
  const work = (asked: Asked) => state.engine.submit(kind, input, { ...client, ...asked, encoded: true });
  return await answerWork(ctx, work, described, inEvents(input));
}

/** The answer that `make` gives, JSON or what is made JSON, which describes at most so many tokens: one of those that
 * share a budget until they are sent. Throws queue_full where the others hold it. */
export async function answerAtOnce(
  { answers }: Pick<State, "answers">,
  described: number,
  make: () => Promise<unknown>,
): Promise<Response> {
  const release = answers.take(described);
  try {
    return toResponse(await make(), release);
  } catch (error) {
    release();
    throw error;
  }
}

/** As `answerJob`, for any work whose answer describes at most so many tokens. Throws queue_full where too many long
 * answers are on their way. */
export async function answerWork(
  ctx: Context<State>,
  work: (asked: Asked) => Promise<unknown>,
  described = 0,
  inEvents = false,
): Promise<Response> {
  const { req, state } = ctx;
  if (!inEvents && !wantsEvents(req)) {
    return await answerAtOnce(state, described, () => work({ signal: req.signal, onProgress: () => {} }));
  }
  const release = state.answers.take(described);
  try {
    const left = new AbortController();
    const signal = AbortSignal.any([req.signal, left.signal]);
    return await streamEvents(ctx, workEvents(work, signal), () => left.abort(), { ended: release });
  } catch (error) {
    release();
    throw error;
  }
}

/** Bytes are JSON already: see EncodedJson. */
function toResponse(value: unknown, sent: () => void): Response {
  if (value instanceof Uint8Array) {
    return answerBytes(value as Uint8Array<ArrayBuffer>, sent);
  }
  sent();
  return Response.json(value);
}

/** Progress as it comes (the newest, where the client is slower), then the result. */
async function* workEvents(
  work: (asked: Asked) => Promise<unknown>,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void> {
  let newest: JobProgress | null = null;
  let wake = () => {};
  const onProgress = (progress: JobProgress) => {
    newest = progress;
    wake();
  };
  const settled = work({ signal, onProgress }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  while (true) {
    const progress = new Promise<null>((resolve) => wake = () => resolve(null));
    const outcome = newest === null ? await Promise.race([settled, progress]) : null;
    if (newest !== null) {
      const data = newest;
      newest = null;
      yield { event: "progress", data };
    } else if (outcome !== null) {
      if ("error" in outcome) throw outcome.error;
      return yield { event: "result", data: outcome.value };
    }
  }
}
