// Fresh's error with a status. The one class that extends Error here: routes ask `instanceof HttpError`.

/** The statuses that this app answers with: fewer than Fresh takes. */
type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

/** Thrown by a handler, middleware or component to answer with `status`. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: ErrorStatus;

  constructor(status: ErrorStatus, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
