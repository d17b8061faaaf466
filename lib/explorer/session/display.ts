// How the page is shown.
import type { HeatScale } from "../words/heat.ts";

/** How it is shown; changes nothing that is asked but for the prompt's scores. */
export interface Display {
  readonly heat: HeatScale;
  readonly axis: "linear" | "zoom" | "log";
  readonly view: "tokens" | "plain";
  readonly table: boolean;
  /** A short prompt is read whenever it rests. */
  readonly live: boolean;
  /** "More controls" is open. */
  readonly expert: boolean;
  readonly tab: string;
  /** Milliseconds between two tokens of Play, 120..2000; 0 = as fast as it can. */
  readonly speedMs: number;
  /** Tokens that one Play appends at most. */
  readonly playTokens: number;
}
