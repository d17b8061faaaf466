// From an error to what a client may read of it: a status, a sentence and a code. The only place that knows
// statuses, and the only one besides the log where an unforeseen error ends.
import { messageOf } from "../../basics/message_of.ts";
import { shorten } from "../../basics/shorten.ts";
import { HttpError } from "fresh";
import { type FaultCode, faultOf } from "../../fault.ts";
import type { Log } from "../../log.ts";
import type { ApiError } from "../../wire/error.ts";
import type { ModelStatus } from "../../wire/models.ts";

/** Kinds of error that only exist over HTTP. */
type HttpCode =
  | "not_found"
  | "model_not_found"
  | "method_not_allowed"
  | "method_unknown"
  | "body_too_large"
  | "body_timeout"
  | "unsupported_media_type"
  | "host_not_allowed"
  | "origin_not_allowed"
  | "model_locked"
  | "not_own_computer"
  | "bad_request"
  | "internal_error";
type ApiCode = FaultCode | HttpCode;

/** The HTTP status of every code. 499 is for the log, where the client went away, and the answer to a request whose
 * page sent a newer one. */
export const STATUS_OF: Readonly<Record<ApiCode, number>> = {
  invalid_request: 400,
  bad_request: 400,
  empty_context: 400,
  unknown_token: 400,
  host_not_allowed: 403,
  origin_not_allowed: 403,
  model_locked: 403,
  not_own_computer: 403,
  body_timeout: 400,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  method_unknown: 501,
  load_in_progress: 409,
  model_changed: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  context_too_long: 422,
  unsupported: 422,
  queue_full: 429,
  client_gone: 499,
  inference_failed: 500,
  internal_error: 500,
  model_loading: 503,
  model_failed: 503,
};

const CODE_OF_STATUS: Readonly<Record<number, HttpCode>> = {
  404: "not_found",
  405: "method_not_allowed",
  413: "body_too_large",
  415: "unsupported_media_type",
};

/** UTF-16 units of a sentence and of a field's name: both may quote what was sent, which may be a megabyte. */
const MOST_UNITS = 2000;

const RETRY_AFTER: Partial<Record<ApiCode, number>> = { queue_full: 1, model_loading: 1 };

/** Seconds after which asking again makes sense; undefined: it does not pass by itself. */
export function retryAfter(code: ApiCode, error: unknown): number | undefined {
  return faultOf(error)?.again ?? RETRY_AFTER[code];
}

/** An error for the client that only HTTP knows; `fault` of lib/fault.ts makes the others. */
export function apiFault(code: ApiCode, message: string, field?: string): Error {
  return new Error(message, { cause: field === undefined ? { code } : { code, field } });
}

/** One error as the wire has it, with the status of its code; `error`: what it is of. */
export function errorResponse(
  body: ApiError & { code: ApiCode },
  { progress, error }: { readonly progress?: ModelStatus["progress"]; readonly error?: unknown } = {},
): Response {
  const headers = new Headers();
  const seconds = retryAfter(body.code, error);
  if (seconds !== undefined) headers.set("retry-after", String(seconds));
  if (body.code === "body_too_large" || body.code === "body_timeout") headers.set("connection", "close");
  const json = progress === undefined ? body : { ...body, progress };
  return Response.json(json, { status: STATUS_OF[body.code], headers });
}

export interface ErrorContext {
  readonly request: Request;
  readonly path: string;
  readonly log: Log;
  /** How far the load is, sent along while the model is loading. */
  readonly progress: () => ModelStatus["progress"];
}

/** What an error means to the client. Unforeseen errors keep their text and stack for the log. */
export function apiErrorOf(
  error: unknown,
  { request, path, log }: ErrorContext,
): ApiError & { code: ApiCode } {
  const known = faultOf(error);
  const stopped = known !== null || (error instanceof Error && error.name === "AbortError");
  if (request.signal.aborted && stopped) return { error: "The client went away.", code: "client_gone" };
  if (known !== null && Object.hasOwn(STATUS_OF, known.code)) {
    const { code, field } = known;
    const message = shorten(messageOf(error), MOST_UNITS).toWellFormed();
    if (code === "inference_failed") log.error(`${request.method} ${path} failed`, error);
    return {
      error: message,
      code,
      ...field !== undefined && { field: shorten(field, MOST_UNITS).toWellFormed() },
    };
  }
  if (error instanceof HttpError && error.status < 500) return errorOfHttp(error, path);
  log.error(`${request.method} ${path} failed`, error);
  return { error: "Something went wrong here. The log of the server says what.", code: "internal_error" };
}

/** The JSON answer to any error under /api; 4xx and 503 are logged at debug level, 500 with its stack. */
export function toErrorResponse(error: unknown, context: ErrorContext): Response {
  const body = apiErrorOf(error, context);
  const { request, path, log } = context;
  log.debug(`${request.method} ${path} -> ${STATUS_OF[body.code]} ${body.code}: ${body.error}`);
  return errorResponse(body, { error, ...body.code === "model_loading" && { progress: context.progress() } });
}

function errorOfHttp(error: HttpError, path: string): ApiError & { code: ApiCode } {
  const code = CODE_OF_STATUS[error.status] ?? "bad_request";
  if (code !== "not_found") return { error: error.message || `HTTP error ${error.status}.`, code };
  const sentence = error.message || `There is no ${path} here. GET /api/openapi.json lists what there is.`;
  return { error: sentence, code };
}
