// Lines with a level for the console. Nothing else: no files, no colours, no rotation.

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

/** Where lines go: the console, or a list in tests. */
export type LogSink = (level: LogLevel, line: string) => void;

/** A log that writes lines of `level` and above: "2026-01-31T12:00:00.000Z warn  The queue is full." */
export function createLog(level: LogLevel, sink: LogSink): Log {
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

/** UTF-16 units of lines that may wait to be read; what comes beyond is left out. */
const MOST_WAITING = 2 ** 20;

/** The console of a server: a full disk behind it is no error, and a reader that stands still holds up nobody, as it
 * would with `console.log`. */
export interface Output {
  readonly write: LogSink;
  /** Resolves when all lines are written, or after so many milliseconds. */
  flush(milliseconds: number): Promise<void>;
}

type Stream = Pick<typeof Deno.stdout, "write">;

/** Lines of `info` and below go to the one stream, warnings and errors to the other. */
export function createOutput(
  { out, err }: { readonly out: Stream; readonly err: Stream } = { out: Deno.stdout, err: Deno.stderr },
): Output {
  const [toOut, toErr] = [createLineWriter(out), createLineWriter(err)];
  return {
    write: (level, line) => (level === "error" || level === "warn" ? toErr : toOut).write(line),
    async flush(milliseconds) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, milliseconds);
      await Promise.race([Promise.all([toOut.idle(), toErr.idle()]), late.promise]);
      clearTimeout(timer);
    },
  };
}

function createLineWriter(stream: Stream): { write(line: string): void; idle(): Promise<void> } {
  let [waiting, lost] = ["", 0];
  let busy: Promise<void> | null = null;
  const drain = async () => {
    while (waiting !== "" || lost > 0) {
      const text = lost === 0 ? waiting : `${waiting}(Left out, as they were not read: ${lost} lines.)\n`;
      [waiting, lost] = ["", 0];
      await writeAll(stream, new TextEncoder().encode(text)).catch(() => {}); // closed, or its disk is full
    }
    busy = null;
  };
  return {
    write(line) {
      if (waiting.length + line.length > MOST_WAITING) lost++;
      else waiting += `${line}\n`;
      busy ??= drain();
    },
    idle: () => busy ?? Promise.resolve(),
  };
}

async function writeAll(stream: Stream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
}
