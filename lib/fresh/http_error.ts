// Fresh's error with a status. The one class that extends Error here: routes ask `instanceof HttpError`.

/** The statuses an HttpError can carry. */
export type ErrorStatus =
  | (
    | 400
    | 401
    | 402
    | 403
    | 404
    | 405
    | 406
    | 407
    | 408
    | 409
    | 410
    | 411
    | 412
    | 413
    | 414
    | 415
    | 416
    | 417
  )
  | (418 | 421 | 422 | 423 | 424 | 425 | 426 | 428 | 429 | 431 | 451)
  | (500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511);

/** Thrown by a handler, middleware or component to answer with `status`. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: ErrorStatus;

  constructor(status: ErrorStatus, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
