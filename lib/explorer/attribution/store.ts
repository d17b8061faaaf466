// The page's attributions: what is explained and how, the one question that is open, and every answer so far. Newest
// wins; what the pointer only passes is not asked for.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { AttributionEstimate, PartName } from "../../wire/attribution.ts";
import type { Explorer } from "../asking/explorer.ts";
import type { Peek } from "../asking/peek.ts";
import type { Store } from "../storage/local_storage.ts";
import type { AttributionApi } from "./api.ts";
import type { Choice } from "./methods.ts";
import { createPointing } from "./pointing.ts";
import { type Computed, createEstimate, createRun, type Run, type Running } from "./run.ts";
import { saveChoice } from "./stored_choice.ts";
import type { Aim, Query, Subject } from "./subject.ts";
import { createAnswers, createSelection, createViews, type Selection, type Views } from "./selection.ts";

export interface AttributionStore {
  readonly choice: ReadonlySignal<Choice>;
  /** What is chosen to be explained at the present place; null: what is nearest. */
  readonly aim: ReadonlySignal<Aim | null>;
  readonly rival: ReadonlySignal<number | null>;
  /** The subject of the choice; null: there is none. */
  readonly subject: ReadonlySignal<Subject | null>;
  /** The answer to the present choice; null: not known. */
  readonly answer: ReadonlySignal<Computed | null>;
  /** What the strip shows: of the token under the pointer, else of the choice. */
  readonly shown: ReadonlySignal<Computed | null>;
  readonly comparison: ReadonlySignal<Computed | null>;
  readonly removal: ReadonlySignal<Computed | null>;
  /** The last answer that was shown belongs to another text or token. */
  readonly stale: ReadonlySignal<boolean>;
  readonly running: ReadonlySignal<Running | null>;
  readonly estimate: ReadonlySignal<AttributionEstimate | null>;
  readonly problem: ReadonlySignal<string | null>;
  /** Every answer, oldest first. */
  all(): readonly Computed[];
  choose(change: Partial<Choice>): void;
  take(aim: Aim | null): void;
  against(rival: number | null): void;
  explain(): void;
  compare(): void;
  remove(part: PartName): void;
  cancel(): void;
  /** The token under the pointer or the focus; null: none. */
  point(aim: Aim | null): void;
  /** Asks what the present choice would cost. */
  weigh(): void;
  /** Follows the page. Returns the way to stop. */
  open(): () => void;
}

interface AttributionOptions {
  readonly explorer: Explorer;
  readonly peek: Pick<Peek, "ghost">;
  readonly api: AttributionApi;
  readonly storage: Store;
}

/** Begins what was not answered yet, for the chosen subject. */
function createAsking(selection: Selection, answers: ReturnType<typeof createAnswers>, run: Run) {
  return (more: Partial<Query>): void => {
    const subject = selection.subject.value;
    if (subject === null) return;
    const query = selection.queryFor(subject, more);
    if (answers.of(query) === null) void run.start(query, false);
    else run.cancel();
  };
}

/** What is explained, its open question and its answers, made with the first drawing of the tab. */
export function createAttribution({ peek, api, ...options }: AttributionOptions): AttributionStore {
  const { explorer, storage } = options;
  const selection = createSelection(options);
  const answers = createAnswers();
  const run = createRun(api, answers.add);
  const cost = createEstimate(api);
  const views = createViews(selection, answers);
  const pointing = createPointing(explorer, { selection, views, run });
  const ask = createAsking(selection, answers, run);
  const { choice, subject, present } = selection;
  const removed = signal<readonly PartName[]>([]);
  const removal = computed(() => views.removal(removed.value));
  return {
    ...{ choice, subject, removal, running: run.running, problem: run.problem, estimate: cost.estimate },
    ...{ answer: views.answer, shown: views.shown, comparison: views.comparison, stale: views.stale },
    aim: computed(() => present.value.aim),
    rival: computed(() => present.value.rival),
    all: () => [...answers.known.value.values()],
    choose(change) {
      saveChoice(storage, choice.value = { ...choice.value, ...change });
      run.cancel();
    },
    take: (aim) => selection.aimAt({ aim }),
    against: (rival) => selection.aimAt({ rival }),
    explain: () => ask({}),
    compare: () => ask({ comparison: true }),
    remove(part) {
      removed.value = [part];
      ask({ remove: [part] });
    },
    cancel: run.cancel,
    point: pointing.point,
    weigh: () => weighChoice({ selection, views, cost }),
    open() {
      const stops = [followBars(peek, pointing.point), leaveOldTexts({ explorer, selection, run })];
      return () => [...stops, pointing.stop, cost.stop, run.cancel].forEach((stop) => stop());
    },
  };
}

/** Asks what the choice would cost, where its answer is not known. */
function weighChoice({ selection, views, cost }: {
  readonly selection: Selection;
  readonly views: Views;
  readonly cost: ReturnType<typeof createEstimate>;
}): void {
  const known = views.answer.peek() !== null || selection.choice.value.method === "off";
  const subject = selection.subject.value;
  cost.weigh(subject === null || known ? null : selection.queryFor(subject));
}

/** The bar under the pointer is pointed at. */
function followBars(peek: Pick<Peek, "ghost">, point: (aim: Aim | null) => void): () => void {
  return peek.ghost.subscribe((ghost) => point(ghost === null ? null : { kind: "candidate", id: ghost.id }));
}

/** Cancels a question about a text that is gone. */
function leaveOldTexts({ explorer, selection, run }: {
  readonly explorer: Explorer;
  readonly selection: Selection;
  readonly run: Run;
}): () => void {
  return explorer.session.subscribe(() => {
    const running = run.running.peek();
    if (running === null || running.passing) return;
    if (running.query.subject.place !== selection.subject.peek()?.place) run.cancel();
  });
}
