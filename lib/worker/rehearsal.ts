// V8 interprets what has hardly run, and all that a click takes beside the model's run took two to three times as long
// in the first clicks. So clicks on made-up logits are answered, without a request, while the worker rests, until what
// they run is compiled. They touch no cache of the model but what the tokenizer remembers of the last path.
import { sleep } from "../basics/sleep.ts";
import { DistributionCache } from "../decode/distribution_cache.ts";
import type { LanguageModel, LogitsAnswer } from "../decode/types.ts";
import type { Jobs } from "../protocol/jobs.ts";
import { NO_CONSTRAINT } from "../sampling/constraint_kinds.ts";
import { DEFAULT_PARAMS } from "../sampling/params.ts";
import { encodeInSlices } from "./encoded_json.ts";
import { startJob } from "./jobs.ts";
import type { OpenModel, RestWork } from "./opening/assemble.ts";

/** What a rehearsal may cost. */
interface RehearsalLimits {
  readonly clicks: number;
  readonly budgetMs: number;
}

/** After so many what they run is compiled: a quarter of a second of a processor with the bundled model's
 * vocabulary. */
const LIMITS: RehearsalLimits = { clicks: 60, budgetMs: 500 };
/** The first of them, and the tokens of their vocabulary. */
const [FEW_CLICKS, FEW_TOKENS] = [20, 2048];
/** The last of them: memory is given back before them, because pages that come from the system anew take their time
 * too. */
const LAST_CLICKS = 10;
/** Milliseconds of rest before the first one, as Prefetcher. */
const IDLE_MS = 25;
/** Every so many clicks the distribution behind one is asked for by the leaner job as well. */
const LEANER_EVERY = 3;
/** Bytes of distributions: enough for the position that a click draws from. */
const CACHE_BYTES = 8 * 2 ** 20;
const SHOWN = 50;

/** The model, which rehearses before it speculates. What that takes of the memory, some 60 MB, is given back. */
export function withRehearsal(model: OpenModel): OpenModel {
  const clean = async () => (await import("../ort/collect_garbage.ts")).collectGarbage({ young: true });
  const speculation = rehearseBefore(model.speculation, model.language, LIMITS, clean);
  return {
    ...model,
    speculation,
    get counters() {
      return model.counters;
    },
    async close() {
      await speculation.pause();
      await model.close();
    },
  };
}

/** Clicks without a request, before the last of them `clean`, and `next` when they are over. The first moment's rest
 * begins now. */
export function rehearseBefore(
  next: RestWork,
  model: LanguageModel,
  limits: RehearsalLimits = LIMITS,
  clean: () => Promise<void> = () => Promise.resolve(),
): RestWork {
  const round = createRounds(model, limits, clean);
  let over = false;
  let controller = new AbortController();
  let running = Promise.resolve();
  const resume = () => {
    if (over) return next.resume();
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    // What fails here fails in a request too, and is told there.
    running = running.then(() => round(signal)).catch(() => {}).then(() => {
      if (signal.aborted) return;
      over = true;
      next.resume();
    });
  };
  resume();
  return {
    pause() {
      if (over) return next.pause();
      controller.abort();
      return running.then(() => next.pause());
    },
    resume,
  };
}

/** Clicks after a moment's rest until all are made or the time is spent, in one round or more: each may be stopped. */
function createRounds(
  model: LanguageModel,
  { clicks, budgetMs }: RehearsalLimits,
  clean: () => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  let rehearse: ((index: number) => Promise<void>) | null = null; // made at rest: a start is not to wait for it
  let made = 0;
  let spent = 0; // ms
  return async (signal) => {
    await sleep(IDLE_MS, signal);
    while (made < clicks && spent < budgetMs) {
      await sleep(0, signal); // lets a waiting message in, which pauses
      const begun = performance.now();
      rehearse ??= createClicks(model);
      if (made === clicks - LAST_CLICKS) await clean();
      await rehearse(made++);
      spent += performance.now() - begun;
    }
    rehearse = null; // with its caches
  };
}

/** Answers clicks as the page makes them, one after the other. The first ones are over few tokens: a loop over a whole
 * vocabulary is compiled while it runs, and where nothing has ever run behind it, what was compiled is given up
 * there. */
function createClicks(model: LanguageModel): (index: number) => Promise<void> {
  const few = createClicksOver(Math.min(FEW_TOKENS, model.vocabSize), model);
  const all = createClicksOver(model.vocabSize, model);
  return (index) => (index < FEW_CLICKS ? few : all)(index);
}

function createClicksOver(vocabSize: number, model: LanguageModel): (index: number) => Promise<void> {
  const stage = withMadeUpLogits({ ...model, vocabSize });
  const { signal } = new AbortController();
  const path = [0];
  return async (index) => {
    const id = index % vocabSize;
    const step = startJob("step", stepRequestOf([...path], id), stage, signal);
    await finish(encodeInSlices(step, stage.distributions.texts));
    path.push(id);
    if (index % LEANER_EVERY > 0) return;
    const asked = { text: null, ids: path, top_k: SHOWN, temperature: DEFAULT_PARAMS.temperature };
    await finish(encodeInSlices(startJob("next_token", asked, stage, signal)));
  };
}

async function finish(slices: AsyncGenerator<unknown, unknown, void>): Promise<void> {
  while (!(await slices.next()).done);
}

/** What the page sends where the token `id` behind `ids` is pressed. */
function stepRequestOf(ids: readonly number[], id: number): Jobs["step"]["input"] {
  return {
    ...{ prompt: "", system_prompt: "", use_chat_template: false, messages: null, tools: null },
    ...{ documents: null, chat_template_kwargs: {}, add_generation_prompt: true },
    ...{ continue_final_message: false, prompt_ids: ids, completion_ids: [] },
    ...{ force_token_id: id, force_text: null, u: null, goes_on: false },
    ...{ top_k: SHOWN, params: DEFAULT_PARAMS, constraint: NO_CONSTRAINT, include: ["stages", "next"] },
  };
}

/** The model, as if it had computed: with caches of its own. */
function withMadeUpLogits({ drawAhead: _, ...model }: LanguageModel): LanguageModel {
  const makeUp = createMadeUpLogits(model.vocabSize);
  const known: LogitsAnswer[] = []; // by the length of the path, which grows by one
  return {
    ...model,
    distributions: new DistributionCache(CACHE_BYTES),
    logits: {
      ...{ scores: refuse, continuation: refuse },
      knows: ({ length }) => known[length] !== undefined,
      // deno-lint-ignore require-yield -- one slice
      async *after({ length }) {
        const free = { computedTokens: 0, prefillMs: 0, decodeMs: 0 };
        delete known[length - 2];
        return await Promise.resolve(known[length] ??= { logits: makeUp(length), ...free });
      },
    },
  };
}

function refuse(): never {
  throw new Error("Expected a rehearsal to ask for distributions alone.");
}

/** Tokens that stand out, and by how much: as where a model is sure, and every few texts as where it is not. */
const [OUTSTANDING, SURE, UNSURE, UNSURE_EVERY] = [40, 14, 5, 4];

/** Logits as models give them, other ones for every number: a bell of standard deviation 2, and a few that stand
 * out. */
function createMadeUpLogits(vocabSize: number): (number: number) => Float32Array {
  const bell = new Float32Array(vocabSize);
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let id = 0; id < vocabSize; id++) bell[id] = 4 * (random() + random() + random() - 1.5);
  return (number) => {
    const logits = new Float32Array(vocabSize);
    const turn = number * 997 % vocabSize;
    logits.set(bell.subarray(turn));
    logits.set(bell.subarray(0, turn), vocabSize - turn);
    const height = number % UNSURE_EVERY === 0 ? UNSURE : SURE;
    for (let at = 0; at < OUTSTANDING; at++) {
      logits[(number * 7919 + at * 997) % vocabSize]! += height * (1 - at / OUTSTANDING);
    }
    return logits;
  };
}
