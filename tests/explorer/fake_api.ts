// The page's store over the real jobs and the fake model, without a server: answers can be held back.
import type { Api } from "../../lib/explorer/asking/api.ts";
import { currentTip } from "../../lib/explorer/session/branches.ts";
import { createExplorer, type Explorer } from "../../lib/explorer/asking/explorer.ts";
import { createSession } from "../../lib/explorer/session/new_session.ts";
import { append } from "../../lib/explorer/moves/path_moves.ts";
import { pathText } from "../../lib/explorer/session/path_text.ts";
import { stepsOf } from "../../lib/explorer/session/tree.ts";
import type { Failure, Reason, Session } from "../../lib/explorer/session/types.ts";
import { constraintChoicesRequest } from "../../lib/api/endpoints/constraint_choices.ts";
import { modelStatusOf } from "../../lib/api/http/model_status.ts";
import { parseRequest } from "../../lib/api/http/parse.ts";
import { scoreChoices } from "../../lib/decode/choices.ts";
import { type Body, finish, runPreview, runStep, runVocabulary } from "../decode/jobs.ts";
import { fakeLanguage } from "../fake_language.ts";
import { FAKE_MODEL_KEY, FAKE_TOKENIZER_KEY } from "../fake_model.ts";
import { FAKE_INFO, fakeStatus } from "../fakes.ts";
import type { ModelInfo } from "../../lib/protocol/model_info.ts";
import type { ModelStatus } from "../../lib/wire/models.ts";
import { until } from "../until.ts";

export const PROMPT = "The capital of France is";
export const READY = modelStatusOf(fakeStatus.ready());

export interface World {
  readonly explorer: Explorer;
  readonly api: Api;
  readonly asked: { readonly path: string; readonly body: Body; readonly signal: AbortSignal }[];
  readonly session: Session;
  /** From now on answers wait for `release`. */
  hold(): void;
  release(): void;
  failWith(failure: Failure | null): void;
  /** Until nothing is open, no token waits and no draw is shown. */
  settled(): Promise<void>;
  text(): string;
}

export interface WorldOptions {
  readonly prompt?: string;
  readonly model?: ModelStatus;
  readonly info?: Partial<ModelInfo>;
  /** The numbers of the draws. */
  readonly u?: () => number;
  /** What each stream of statuses says. */
  readonly statuses?: (ModelStatus | Error)[][];
  readonly onAnswer?: (reason: Reason) => void;
  readonly onChange?: (session: Session, before: Session) => void;
}

/** A stream that says no more. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

export function openWorld(options: WorldOptions = {}): World {
  const language = fakeLanguage({ ...FAKE_INFO, ...options.info });
  const asked: World["asked"] = [];
  let gate: PromiseWithResolvers<void> | null = null;
  let failure: Failure | null = null;
  const answer = async <T>(path: string, body: Body, run: () => Promise<T>, signal: AbortSignal) => {
    asked.push({ path, body, signal });
    if (failure !== null) throw new Error(failure.message, { cause: failure });
    const result = await run().catch((error) => {
      const refused: Failure = { kind: "refused", message: error.message, detail: path, field: null };
      throw new Error(error.message, { cause: refused });
    });
    await gate?.promise;
    signal.throwIfAborted();
    return result;
  };
  const api: Api = {
    preview: (body, signal) =>
      answer("preview", body as Body, () => runPreview(language, body as Body), signal),
    choices(body, signal) {
      const input = parseRequest(constraintChoicesRequest, body);
      return answer("choices", body as Body, () => finish(scoreChoices(input, language, signal)), signal);
    },
    peek: (body, signal) => answer("peek", body as Body, () => runPreview(language, body as Body), signal),
    step: (body, signal) =>
      answer("step", body as Body, () => runStep(language, body as Body, options.u?.() ?? 0.5), signal),
    vocabulary: (body, signal) =>
      answer("vocabulary", body as Body, () => runVocabulary(language, body as Body), signal),
    tokenize: () =>
      Promise.resolve({ model_key: FAKE_MODEL_KEY, tokenizer_key: FAKE_TOKENIZER_KEY, tokens: [] }),
    async *statuses(signal) {
      for (const status of options.statuses?.shift() ?? []) {
        await Promise.resolve();
        if (status instanceof Error) throw status;
        yield status;
      }
      if (options.statuses === undefined || options.statuses.length === 0) await aborted(signal);
    },
  };
  const session = createSession({ prompt: options.prompt ?? PROMPT, model: options.model ?? READY });
  const { onAnswer = () => {}, onChange = () => {} } = options;
  const explorer = createExplorer({ session, api, still: () => true, retryMs: 1, onAnswer, onChange });
  const idle = () => {
    const { activity } = explorer.session.value;
    return activity.kind === "failed" || (activity.kind === "idle" && activity.play === null);
  };
  return {
    explorer,
    api,
    asked,
    get session() {
      return explorer.session.value;
    },
    hold: () => gate ??= Promise.withResolvers<void>(),
    release() {
      gate?.resolve();
      gate = null;
    },
    failWith: (next) => failure = next,
    async settled() {
      while (!idle()) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    text() {
      const tip = currentTip(explorer.session.value.tree);
      return tip === null ? "" : pathText(tip);
    },
  };
}

/** A world whose page has been opened and come to rest. */
export async function opened(options: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  const world = openWorld(options);
  world.explorer.open();
  await world.settled();
  return world;
}

/** Makes one move after the other, each once the last has come to rest. */
export async function make(world: World, ...moves: ((session: Session) => Session)[]): Promise<void> {
  for (const move of moves) {
    world.explorer.dispatch(move);
    await world.settled();
  }
}

/** Waits until the session is as `passes` says. */
export async function untilSession(world: World, passes: (session: Session) => boolean): Promise<void> {
  await until(() => passes(world.session));
}

/** The move that takes the candidate at a place of the list. */
export const choose = (at: number) => (session: Session) =>
  append(session, session.answer!.dist.tokens[at]!.id);

export const steps = (world: World) => stepsOf(currentTip(world.session.tree)!).map((node) => node.record);
