// What the study has open: the scores of the present text, the readings that are kept, the list of prompts.
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { failureOf } from "../asking/api.ts";
import { latest } from "../asking/latest.ts";
import { scoresOf, type TextScores } from "../asking/text_scores.ts";
import type { Page } from "../page/page.ts";
import { modelIdOf, readyModel } from "../session/model.ts";
import { placeOf } from "../session/question.ts";
import type { TreeNode } from "../session/types.ts";
import { askBatchRow, type BatchRow, describeRefused, promptsOf } from "./batch.ts";
import { type Passage, type Reading, readText } from "./reading.ts";

type Parts = Pick<Page, "api" | "explorer">;

export interface Study {
  /** Of the present text; null: not asked yet. */
  readonly scores: ReadonlySignal<TextScores | null>;
  /** Kept as long as the page is open, whatever model is loaded. */
  readonly readings: ReadonlySignal<readonly Reading[]>;
  readonly rows: ReadonlySignal<readonly BatchRow[]>;
  /** What is being done: "Reading 40 %"; "" = nothing. */
  readonly busy: ReadonlySignal<string>;
  /** Why the last one failed; "" = it did not. */
  readonly problem: ReadonlySignal<string>;
  /** Scores the text on the page, unless it has. */
  score(): void;
  /** Reads a text behind each of the contexts with the model that is loaded. */
  read(text: Passage, contexts: readonly Passage[]): void;
  forget(id: number): void;
  run(list: string): void;
  /** Gives up what is being done; what was found stays. */
  stop(): void;
}

/** The readings, the batch and the totals of the tab Study. */
export function createStudy({ page }: { readonly page: Parts }): Study {
  const readings = signal<readonly Reading[]>([]);
  const rows = signal<readonly BatchRow[]>([]);
  const work = createWork();
  const scoring = createScoring(page);
  let next = 1;
  return {
    ...{
      readings,
      rows,
      busy: work.busy,
      problem: work.problem,
      scores: scoring.scores,
      score: scoring.score,
    },
    read: (text, contexts) =>
      void work.begin(async (signal) => {
        for (const context of contexts) {
          const reading = await readWith(page, { text, context }, signal, (share) => {
            work.say(`Reading, ${Math.round(share * 100)} %`);
          });
          readings.value = [...readings.value, { ...reading, id: next++ }];
        }
      }),
    forget: (id) => readings.value = readings.value.filter((each) => each.id !== id),
    run: (list) =>
      void work.begin((signal) => runList(promptsOf(list), page, { rows, say: work.say, signal })),
    stop() {
      work.stop();
      scoring.stop();
    },
  };
}

interface Run {
  readonly rows: Signal<readonly BatchRow[]>;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

async function runList(prompts: readonly string[], page: Parts, { rows, say, signal }: Run): Promise<void> {
  rows.value = [];
  for (const [at, prompt] of prompts.entries()) {
    say(`Prompt ${at + 1} of ${prompts.length}`);
    const row = await askRow(page, prompt, signal);
    rows.value = [...rows.value, row];
  }
}

/** A prompt that the model refuses is a row that says why; what ends everything comes through. */
async function askRow({ api, explorer }: Parts, prompt: string, signal: AbortSignal): Promise<BatchRow> {
  const session = explorer.session.peek();
  const asked = { settings: session.settings, modelKey: readyModel(session)?.key ?? null };
  return await askBatchRow(api, prompt, asked, signal).catch((error) => {
    const failure = failureOf(error);
    if (failure?.kind !== "refused") throw error;
    return describeRefused(prompt, failure.message);
  });
}

async function readWith(
  { api, explorer }: Parts,
  what: { readonly text: Passage; readonly context: Passage },
  signal: AbortSignal,
  onProgress: (share: number) => void,
) {
  const session = explorer.session.peek();
  const model = readyModel(session);
  const served = { modelKey: model?.key ?? null, tokenizerKey: model?.tokenizerKey ?? null };
  const reading = await readText(api, { ...what, ...served }, signal, onProgress);
  const variant = model?.backend?.variant ?? "";
  return { ...reading, model: `${modelIdOf(session)?.split("/").at(-1) ?? "?"} ${variant}`.trim() };
}

/** One thing at a time; a new one breaks off the one before. */
function createWork() {
  const busy = signal("");
  const problem = signal("");
  let running: AbortController | null = null;
  return {
    ...{ busy, problem },
    say: (text: string) => busy.value = text,
    stop() {
      running?.abort();
      busy.value = "";
    },
    async begin(work: (signal: AbortSignal) => Promise<void>) {
      running?.abort();
      const own = running = new AbortController();
      busy.value = "Asking…";
      problem.value = "";
      try {
        await work(own.signal);
      } catch (error) {
        const failure = failureOf(error);
        if (!own.signal.aborted && failure !== null) problem.value = failure.message;
      }
      if (running === own) busy.value = "";
    },
  };
}

/** The scores of the text on the page, asked once for a text and a model. */
function createScoring(page: Parts) {
  const scores = signal<TextScores | null>(null);
  const asking = latest((signal, place: TreeNode) => scoresOf(page, place, signal));
  let asked: { readonly place: TreeNode; readonly key: string } | null = null;
  return {
    scores,
    score() {
      const session = page.explorer.session.peek();
      const place = placeOf(session);
      const key = readyModel(session)?.key;
      if (place === null || key === undefined || session.answer?.node !== place) return;
      if (asked?.place === place && asked.key === key) return;
      asked = { place, key };
      void asking.ask(place).then((found) => {
        if (found.kind === "value") scores.value = found.value;
        else if (found.kind === "failed") scores.value = asked = null;
      });
    },
    stop: asking.stop,
  };
}
