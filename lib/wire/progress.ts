// How far the work for an answer is. Types only.

/** How far a job is: context tokens already computed, of all. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
}
