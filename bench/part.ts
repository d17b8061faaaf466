// What one measurement is. A part opens what it needs and closes it again, so that any selection of parts runs.
import type { Report } from "./report.ts";

export interface Bench {
  /** Fewer rounds and sizes: to see that it works, not to compare. */
  readonly quick: boolean;
  /** The engine to compare with (a module like the ONNX Runtime spike this house grew from), or null. */
  readonly reference: string | null;
  readonly report: Report;
}

export interface Part {
  readonly name: string;
  readonly about: string; // one line
  /** False: runs only when it is named. */
  readonly byDefault: boolean;
  run(bench: Bench): Promise<void>;
}
