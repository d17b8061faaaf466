// Console lines with a level. Nothing else: no files, no colours, no rotation.

/** From chatty to silent; a line is written when its level is at or above the configured one. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /** `cause` is written below the line with its stack: the only place where stacks are shown. */
  error(message: string, cause?: unknown): void;
}

/** Where lines go; the console by default, a list in tests. */
type LogSink = (level: LogLevel, line: string) => void;

/** A log that writes lines of `level` and above: "2026-01-31T12:00:00.000Z warn  The queue is full." */
export function createLog(level: LogLevel, sink: LogSink = toConsole): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const write = (of: LogLevel, message: string) => {
    if (LOG_LEVELS.indexOf(of) < lowest) return;
    sink(of, `${new Date().toISOString()} ${of.padEnd(5)} ${message}`);
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warn: (message) => write("warn", message),
    error: (message, cause) =>
      write("error", cause === undefined ? message : `${message}\n${describeError(cause)}`),
  };
}

/** An error with its stack, and the errors behind it. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\nCaused by ${describeError(error.cause)}` : own;
}

function toConsole(level: LogLevel, line: string): void {
  if (level === "error" || level === "warn") console.error(line);
  else console.log(line);
}
