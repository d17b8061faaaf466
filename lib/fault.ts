// Errors that a client should read: a built-in Error whose `cause` says what kind it is, so that it
// survives the way through a Worker and lib/api can choose the HTTP status.

/** The kinds of error a caller can act on; lib/api/http/errors.ts maps each to a status. */
export type FaultCode =
  | "invalid_request"
  | "empty_context"
  | "unknown_token"
  | "context_too_long"
  | "unsupported"
  | "queue_full"
  | "client_gone"
  | "model_loading"
  | "model_failed"
  | "load_in_progress"
  | "model_changed"
  | "inference_failed";

/** What `cause` holds: the kind, and the request field it is about. */
export interface Fault {
  readonly code: FaultCode;
  readonly field?: string;
  /** Seconds after which asking again makes sense: what is wrong may be over by then. */
  readonly again?: number;
  /** The hub did not say which files a repository has: the cache is all there is. */
  readonly unlisted?: true;
  /** What a library said in its own words, for the log. */
  readonly detail?: string;
}

/** An error with a sentence for the user and a code for the program. */
export function fault(code: FaultCode, message: string, field?: string): Error {
  return new Error(message, { cause: field === undefined ? { code } : { code, field } });
}

/** The fault of a token id that the model has no logit for. */
export function unknownTokenError(
  id: number | string,
  model: { readonly id: string; readonly vocabSize: number },
  field: string,
): Error {
  const message = `Token id ${id} is not in the vocabulary of ${model.id} (0 to ${model.vocabSize - 1}).`;
  return fault("unknown_token", message, field);
}

/** The fault of a chat template's name that the model does not have. */
export function noChatTemplateError(name: string, names: readonly string[]): Error {
  const known = names.length === 0
    ? "it has none"
    : `only ${names.map((one) => `"${one}"`).join(", ")}. Send one of these names as chat_template`;
  return fault(
    "invalid_request",
    `This model has no chat template called "${name}", ${known}.`,
    "chat_template",
  );
}

/** The fault behind an error, or null for an unforeseen error. */
export function faultOf(error: unknown): Fault | null {
  const cause = error instanceof Error ? error.cause : null;
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return null;
  return typeof cause.code === "string" ? cause as Fault : null;
}
