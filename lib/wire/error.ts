// Every error under /api. Types only.

/** Every error under /api. */
export interface ApiError {
  readonly error: string; // one sentence that says what to do
  readonly code: string;
  readonly field?: string;
}
