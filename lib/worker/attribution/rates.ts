// How long tasks take, from those that ran: time to open each graph, and milliseconds for each token that it reads.
import { costOfTask } from "../../attribution/explain/cost.ts";
import type { AttributionTask } from "../../attribution/explain/task.ts";
import { graphsOf } from "./memory.ts";
import type { AttributedModel, GraphKind } from "./messages.ts";

/** Before anything was measured: milliseconds for each MB of the file, as of the bundled model on two processors. */
const OPENING: Readonly<Record<GraphKind, number>> = { taps: 10, gradients: 12 };
const READING: Readonly<Record<GraphKind, number>> = { taps: 0.025, gradients: 0.07 }; // for each token
const NEWEST = 0.5; // the newest measurement's weight

export class Rates {
  readonly #openingMs: Record<GraphKind, number>;
  readonly #tokenMs: Record<GraphKind, number>;

  constructor({ bytes }: AttributedModel) {
    const megabytes = bytes / 1e6;
    const of = (per: Readonly<Record<GraphKind, number>>) => ({
      taps: per.taps * megabytes,
      gradients: per.gradients * megabytes,
    });
    this.#openingMs = of(OPENING);
    this.#tokenMs = of(READING);
  }

  /** Takes what opening a graph took. */
  opened(graph: GraphKind, ms: number): void {
    this.#openingMs[graph] = ms;
  }

  /** Takes what a task took, its graphs open; one that used both says nothing of either. */
  ran(task: AttributionTask, ms: number): void {
    const cost = costOfTask(task);
    if (task.steps === "converging" && task.method === "integrated_gradients") return; // its cost is a limit
    for (const graph of ["taps", "gradients"] as const) {
      const other = graph === "taps" ? "gradients" : "taps";
      if (cost[graph] === 0 || cost[other] > 0) continue;
      this.#tokenMs[graph] += NEWEST * (ms / cost[graph] - this.#tokenMs[graph]);
    }
  }

  /** Milliseconds for a task where these graphs are open. */
  estimate(
    task: AttributionTask,
    open: ReadonlySet<GraphKind>,
  ): { readonly ms: number; readonly openingMs: number } {
    const cost = costOfTask(task);
    const closed = graphsOf(task).filter((graph) => !open.has(graph));
    const openingMs = closed.reduce((sum, graph) => sum + this.#openingMs[graph], 0);
    return {
      ms: openingMs + cost.taps * this.#tokenMs.taps + cost.gradients * this.#tokenMs.gradients,
      openingMs,
    };
  }
}
