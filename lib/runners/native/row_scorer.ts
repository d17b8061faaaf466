// Scores of tokens from rows of logits where the logits lie, in native memory: the exponentials of a thousand rows of a
// large vocabulary take several times as long in JavaScript, and no row is copied out.
//
// OWNERSHIP: a scorer owns its session. The logits stay the caller's and must live until a call settles.
import { buildScoringModel, SCORING_OUTPUTS } from "../../onnx/scoring_graph.ts";
import type { Pointer } from "../../ort/memory.ts";
import { graphOfSession, runWith } from "../../ort/native_graph.ts";
import { openSession, type OrtSession } from "../../ort/session.ts";
import type { Tensor } from "../../ort/types.ts";
import type { LmLayout, RowQuestions, ScoredRows } from "../types.ts";

/** Rows of one run: what one node makes for the next stays in the processor's cache. */
const ROWS = 16;

export interface RowScorer {
  /** Of logits [1, rows, vocabulary], a target for each row. Rejects with an AbortError. */
  score(logits: Pointer, questions: RowQuestions, signal: AbortSignal | undefined): Promise<ScoredRows>;
  close(): Promise<void>;
}

/** Opens a scorer for the logits that `session` gives. */
export async function openRowScorer({ ort }: OrtSession, layout: LmLayout): Promise<RowScorer> {
  const bytes = buildScoringModel(layout.logits.type, layout.vocabSize);
  // One thread: a second pool of threads that spin would fight with the model's own for the processors.
  const options = { name: "the graph that scores logits", threads: 1 };
  const session = await openSession(ort, { bytes, folder: "." }, options);
  return {
    close: () => graphOfSession(session).dispose(),
    async score(logits, { targets, top }, signal) {
      const parts: Record<string, Tensor>[] = [];
      for (let start = 0; start < targets.length; start += ROWS) {
        const some = targets.slice(start, start + ROWS);
        const feeds = {
          target: createInt64(some, [1, some.length, 1]),
          start: createInt64([start]),
          end: createInt64([start + some.length]),
          top: createInt64([top]),
        };
        const isLast = start + ROWS >= targets.length;
        const want = isLast ? SCORING_OUTPUTS : SCORING_OUTPUTS.filter((name) => name !== "last");
        parts.push(await runWith(session, { feeds, given: { logits }, want }, { signal }));
      }
      return joinRows(parts, targets.length, top);
    },
  };
}

function joinRows(parts: readonly Record<string, Tensor>[], rows: number, top: number): ScoredRows {
  const column = (name: string, width = 1) => {
    const all = new Float64Array(rows * width);
    let at = 0;
    for (const part of parts) {
      for (const value of part[name]!.data) all[at++] = Number(value);
    }
    if (at !== all.length) throw new Error(`Expected ${all.length} values of "${name}" but found ${at}.`);
    return all;
  };
  return {
    ...{ own: column("own"), max: column("max"), sum: column("sum"), weighted: column("weighted") },
    ranks: Int32Array.from(column("ranks")),
    topIds: Int32Array.from(column("topIds", top)),
    topLogits: column("topLogits", top),
    last: parts.at(-1)!.last!.data as Float32Array,
  };
}

function createInt64(values: readonly number[], dims: readonly number[] = [values.length]): Tensor {
  return { type: "int64", dims, data: BigInt64Array.from(values, BigInt) };
}
