// A download's progress for people at a command line.
import type { LoadProgress } from "./folder/types.ts";
import { writeProgressLine } from "./fetch/progress.ts";

/** A bar that is redrawn on a terminal; elsewhere one line at every tenth; nothing where it is not `shown`. */
export function createProgressBar(shown: boolean): { show(progress: LoadProgress): void; end(): void } {
  const terminal = Deno.stderr.isTerminal();
  const write = (text: string) => void Deno.stderr.writeSync(new TextEncoder().encode(text));
  let drawn = false;
  let tenth = -1;
  return {
    show: (progress) => {
      const { phase, file, received, total } = progress;
      if (!shown || phase !== "downloading" || total === 0) return;
      const text = `${writeProgressLine(progress)}  ${file ?? ""}`.trimEnd();
      const now = Math.floor(received / total * 10);
      if (terminal) write(`\r\x1b[K${text.slice(0, Deno.consoleSize().columns - 1)}`);
      else if (now !== tenth) write(`${text}\n`);
      tenth = now;
      drawn = terminal;
    },
    end: () => {
      if (drawn) write("\n");
      drawn = false;
    },
  };
}
