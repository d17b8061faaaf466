// What the user points at and has chosen, the answers so far, and which of them belong together.
import { computed, signal } from "@preact/signals";
import type { PartName } from "../../wire/attribution.ts";
import type { Explorer } from "../asking/explorer.ts";
import { readyModel } from "../session/model.ts";
import { placeOf } from "../session/question.ts";
import type { TreeNode } from "../session/types.ts";
import type { Store } from "../storage/local_storage.ts";
import type { Choice } from "./methods.ts";
import type { Computed } from "./run.ts";
import { loadChoice } from "./stored_choice.ts";
import { type Aim, keyOfQuery, type Query, type Subject, subjectOf } from "./subject.ts";

const KEPT = 200; // answers

interface Target {
  readonly place: TreeNode | null;
  readonly aim: Aim | null;
  readonly rival: number | null;
}

const NOTHING: Target = { place: null, aim: null, rival: null };

interface SelectionOptions {
  readonly explorer: Explorer;
  readonly storage: Store;
}

export type Selection = ReturnType<typeof createSelection>;
export type Answers = ReturnType<typeof createAnswers>;
export type Views = ReturnType<typeof createViews>;

/** What the user points at and has chosen, as signals over the session. */
export function createSelection({ explorer, storage }: SelectionOptions) {
  const { session } = explorer;
  const choice = signal<Choice>(loadChoice(storage));
  const target = signal<Target>(NOTHING);
  const pointed = signal<Aim | null>(null);
  const here = computed(() => placeOf(session.value));
  // An aim belongs to the place that it was taken at.
  const present = computed(() => target.value.place === here.value ? target.value : NOTHING);
  const subject = computed(() => subjectOf(session.value, present.value.aim, present.value.rival));
  const passing = computed(() =>
    pointed.value === null ? null : subjectOf(session.value, pointed.value, present.value.rival)
  );
  const queryFor = (subject: Subject, more: Partial<Query> = {}): Query => ({
    subject,
    choice: choice.value,
    modelKey: readyModel(session.value)?.key ?? null,
    faithfulness: true,
    comparison: false,
    remove: [],
    ...more,
  });
  const aimAt = (change: Partial<Target>): void => {
    target.value = { ...present.value, ...change, place: here.value };
  };
  return { choice, pointed, present, subject, passing, queryFor, aimAt };
}

/** The answers so far, the least recently added go first. */
export function createAnswers() {
  const known = signal<ReadonlyMap<string, Computed>>(new Map());
  return {
    known,
    of: (query: Query) => known.value.get(keyOfQuery(query)) ?? null,
    add(answer: Computed): void {
      const entries = [...known.value, [keyOfQuery(answer.query), answer] as const];
      known.value = new Map(entries.slice(-KEPT));
    },
  };
}

/** What is known about what is chosen and pointed at. */
export function createViews(selection: Selection, answers: Answers) {
  const { subject, passing, queryFor, choice } = selection;
  const about = (subject: Subject | null, more: Partial<Query> = {}) =>
    subject === null ? null : answers.of(queryFor(subject, more));
  const measuredOrNot = (subject: Subject | null) =>
    about(subject) ?? about(subject, { faithfulness: false });
  const answer = computed(() => measuredOrNot(subject.value));
  return {
    about,
    answer,
    shown: computed(() => keepScoring(passing.value === null ? answer.value : measuredOrNot(passing.value))),
    /** The answer without these parts; null where none is removed, or it was not asked. */
    removal: (remove: readonly PartName[]) => remove.length === 0 ? null : about(subject.value, { remove }),
    comparison: computed(() => about(subject.value, { comparison: true })),
    stale: computed(() =>
      choice.value.method !== "off" && answer.value === null && answers.known.value.size > 0
    ),
    measuredOrNot,
  };
}

/** Only what scores tokens can be shown on them. */
function keepScoring(computed: Computed | null): Computed | null {
  return computed === null || computed.result.attributions.length === 0 ? null : computed;
}
