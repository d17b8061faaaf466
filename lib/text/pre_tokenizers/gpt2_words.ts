// Words by GPT-2's pattern. It is asked about a window of the text at a time: one match of it may be the whole text
// (emoji, ideographs, accents), which takes an expression 10 to 30 ms a mebibyte and cannot be left in between.
import { cut, type Cutter, EMPTY, STEPS_A_REST } from "../file/piece.ts";

// `\s` there is White_Space.
const WORD =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/u;
const SPACES = /\p{White_Space}+/u;
/** What long words are made of, behind the space that one may begin with. */
const RUNS = [SPACES, /\p{L}+/u, /\p{N}+/u, /[^\p{White_Space}\p{L}\p{N}]+/u];

/** UTF-16 units of a window. */
const WINDOW = 2 ** 14;
/** The pattern does not look further than that beyond the end of a match. */
const MARGIN = 4;

/** Cuts a well-formed text into GPT-2's words, all of it. `window`: units that are looked at in one step. */
export function createGpt2Cutter(window = WINDOW): Cutter {
  const word = new RegExp(WORD, "uy");
  const runs = RUNS.map((run) => new RegExp(run, "uy"));
  const view = new View(window);
  let piece = EMPTY;
  let [start, end, steps] = [0, 0, 0]; // of the next word, as far as it is known
  let run: RegExp | null = null; // of a word that is longer than a window
  /** Follows a long word into the next window; whether it ends there. */
  const follow = (run: RegExp): boolean => {
    view.open(end);
    end = view.findEnd(run, end);
    if (end === view.end && !view.isLast) return false;
    if (run === runs[0] && end < view.text.length) end--; // the last space belongs to what follows
    view.open(end);
    return true;
  };
  return {
    begin(given) {
      piece = given;
      start = 0;
      run = null;
      view.begin(given.text);
    },
    next() {
      if (start === view.text.length) return undefined;
      if (++steps % STEPS_A_REST === 0) return null;
      if (view.text.length === 1) return start++, piece; // one digit of a million
      if (run === null) end = view.findEnd(word, start);
      if (run === null && !view.seesBehind(end)) {
        view.open(start);
        end = view.findEnd(word, start);
        if (!view.seesBehind(end)) run = runs.find((one) => isIn(one, view.text, end - 1))!;
      }
      if (run !== null && !follow(run)) return null;
      run = null;
      const from = start;
      return cut(piece, from, start = end);
    },
  };
}

/** A window on a text, which begins and ends between two characters. */
class View {
  text = "";
  #part = "";
  #base = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  begin(text: string): void {
    this.text = text;
    if (text.length > 1) this.open(0);
  }

  open(at: number): void {
    const last = Math.min(this.text.length, at + this.#size);
    this.#part = this.text.slice(at, isHigh(this.text.charCodeAt(last - 1)) ? last - 1 : last);
    this.#base = at;
  }

  get end(): number {
    return this.#base + this.#part.length;
  }

  /** Whether the text ends with it. */
  get isLast(): boolean {
    return this.end === this.text.length;
  }

  /** Whether a match that ends at a place is the one of the whole text. */
  seesBehind(end: number): boolean {
    return end + MARGIN <= this.end || this.isLast;
  }

  /** Where a sticky pattern that begins at a place ends; the place itself where it does not match. */
  findEnd(pattern: RegExp, at: number): number {
    pattern.lastIndex = at - this.#base;
    return pattern.test(this.#part) ? this.#base + pattern.lastIndex : at;
  }
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Whether a run has the character whose last unit is at a place. */
function isIn(run: RegExp, text: string, at: number): boolean {
  const first = at > 0 && isHigh(text.charCodeAt(at - 1)) ? at - 1 : at;
  run.lastIndex = 0;
  return run.test(text.slice(first, at + 1));
}
