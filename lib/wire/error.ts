// Every error under /api. Types only.

/** Every error under /api. */
export interface ApiError {
  readonly error: string; // one sentence that says what to do
  readonly code: string;
  readonly field?: string;
}

/** An error as clients of OpenAI's API read it. */
export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The field of the request. */
    readonly param: string | null;
    readonly code: string;
  };
}
