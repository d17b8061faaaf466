// How far the server is with a long text: asked for in events, shown while one waits.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { JobProgress } from "../../wire/progress.ts";
import { countPathTokens, rootOf } from "../session/tree.ts";
import type { Question, TreeNode } from "../session/types.ts";

export interface ReadProgress extends JobProgress {
  /** What is left, by the pace so far. */
  readonly leftMs: number;
}

/** A text of so many characters may take longer than one waits without a word: about a second. */
const LONG_CHARACTERS = 1500;
const LONG_TOKENS = 1024;

/** True where the answer may take so long that its progress is worth to be told. */
export function isLong({ body }: Question): boolean {
  if (body.kind === "step") return false;
  const node: TreeNode = body.kind === "read" ? body.root : body.node;
  const { source } = rootOf(node);
  const texts = source.kind !== "chat" ? [source.text] : source.messages.map(({ content }) => content);
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return body.kind === "read" ? characters > LONG_CHARACTERS : (countPathTokens(node) ?? 0) > LONG_TOKENS;
}

export interface ReadProgressClock {
  readonly now: ReadonlySignal<ReadProgress | null>;
  /** Takes the progress of a question that is asked now. */
  begin(): (progress: JobProgress) => void;
  stop(): void;
}

/** How far the server is with a long text; `clock` gives milliseconds. */
export function createReadProgress(clock: () => number = () => performance.now()): ReadProgressClock {
  const now = signal<ReadProgress | null>(null);
  return {
    now,
    begin() {
      let from = { done: 0, at: clock() };
      let first = true;
      return ({ done, total }) => {
        const ms = clock() - from.at;
        const leftMs = done > from.done ? ms / (done - from.done) * (total - done) : 0;
        now.value = { done, total, leftMs };
        if (first) from = { done, at: clock() }; // what was known before says nothing about the pace
        first = false;
      };
    },
    stop: () => void (now.value = null),
  };
}
