// The `added_tokens` of tokenizer.json: texts that are found before, or after, the text is normalized
// (tokenizers/src/tokenizer/added_vocabulary.rs).
import { finishSlices } from "../basics/slices.ts";
import { unsupportedError } from "./file/component.ts";
import { cut, type Piece, pieceOf, STEPS_A_REST } from "./file/piece.ts";
import { Trie } from "./models/trie.ts";
import type { Model } from "./models/types.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import type { AddedToken } from "./tokenizer_json.ts";
import { WHITE_SPACE, WORD } from "./unicode/classes.ts";

/** An added token under the id that it gets: the model's where the model has its text, else the next free one. */
export interface Added extends AddedToken {
  /** The text that is looked for: normalized where the token says so. */
  readonly sought: string;
  /** The text that decoders are given: normalized where any entry of the token says so. */
  readonly written: string;
}

/** Ids as the reference gives them, which counts on from the model's size and does not look at the file's ids.
 * Throws a fault (unsupported) where the normalizer leaves nothing of a token. */
export function assignIds(
  listed: readonly AddedToken[],
  model: Pick<Model, "idOf" | "size">,
  normalize: Normalizer,
): Added[] {
  const ids = new Map<string, number>();
  const byId = new Map<number, Added>();
  let next = model.size;
  for (const token of listed) {
    if (token.content === "") continue;
    const id = ids.get(token.content) ?? model.idOf.get(token.content) ?? next++;
    ids.set(token.content, id);
    const sought = token.normalized ? finishSlices(normalize(pieceOf(token.content))).text : token.content;
    // The reference finds such a token everywhere and cuts every text into characters.
    if (sought === "") {
      throw unsupportedError(`an added token ${JSON.stringify(token.content)} that its normalizer removes`);
    }
    // Listed twice, a token is what the last entry says, special where any of them says so, and written as an earlier
    // one was normalized: that text is kept by the id.
    const earlier = byId.get(id);
    const written = token.normalized ? sought : earlier?.written ?? sought;
    byId.set(id, { ...token, id, sought, written, special: token.special || earlier?.special === true });
  }
  return [...byId.values()];
}

/** Added tokens (their ids) and what is between them, in their order; null as in `Pieces`. */
export type TextSections = Iterable<Piece | number | null>;

/** Cuts a piece at added tokens. */
export type Splitter = (piece: Piece) => TextSections;

// With the flag u V8 (Deno 2.9.6) finds no character beyond U+FFFF by a class before `$`.
const wordAtEnd = new RegExp(`[${WORD}]$`, "v");
const wordAtStart = new RegExp(`^[${WORD}]`, "u");
const space = new RegExp(`[${WHITE_SPACE}]`, "u");

/** UTF-16 units that are looked at between two rests. */
const LOOKED_AT = 2 ** 16;

/** A splitter at the tokens given: the leftmost, and the longest of those that begin there. `skipSpecials`: special
 * tokens are found and left in the text, so that none is found inside another. */
export function createSplitter(tokens: readonly Added[], skipSpecials: boolean): Splitter {
  if (tokens.length === 0) return (piece) => [piece];
  const trie = new Trie(tokens.map((token, at) => [token.sought, at]));
  const beginning = beginningOf(tokens);
  return function* (piece): TextSections {
    const { text } = piece;
    let done = 0;
    let [base, part] = [0, text.slice(0, LOOKED_AT)];
    for (let from = 0, steps = 1; from < text.length; steps++) {
      if (steps % STEPS_A_REST === 0) yield null;
      beginning.lastIndex = from - base;
      if (!beginning.test(part)) {
        base += part.length;
        from = Math.max(from, base);
        part = text.slice(base, base + LOOKED_AT);
        if (part !== "") yield null;
        continue;
      }
      from = base + beginning.lastIndex - 1;
      const found = trie.longest(text, from);
      const token = found === null ? undefined : tokens[found.value];
      if (found === null || token === undefined) {
        from++;
        continue;
      }
      const [start, end] = [from, found.end];
      from = end;
      if (skipSpecials && token.special || token.single_word && isInWord(text, start, end)) continue;
      const begin = token.lstrip ? findSpaceStart(text, start, done) : start;
      if (done < begin) yield cut(piece, done, begin);
      // What an earlier token took after itself is white space up to its end.
      const stop = token.rstrip ? Math.max(done, findSpaceEnd(text, Math.max(done, end))) : end;
      if (begin !== stop) yield token.id; // it is nothing where an earlier token took all of it
      done = stop;
    }
    if (done < text.length) yield cut(piece, done, text.length);
  };
}

/** Finds the UTF-16 units that tokens begin with. */
function beginningOf(tokens: readonly Added[]): RegExp {
  const units = new Set(tokens.map(({ sought }) => sought.charCodeAt(0)));
  const escaped = Array.from(units, (unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
  return new RegExp(`[${escaped.join("")}]`, "g");
}

function isInWord(text: string, start: number, end: number): boolean {
  return wordAtEnd.test(text.slice(Math.max(0, start - 2), start)) ||
    wordAtStart.test(text.slice(end, end + 2));
}

/** Where the white space before `end` begins, not before `least`. */
function findSpaceStart(text: string, end: number, least: number): number {
  if (end <= least) return least;
  while (end > least && space.test(text.charAt(end - 1))) end--;
  return end;
}

function findSpaceEnd(text: string, start: number): number {
  while (start < text.length && space.test(text.charAt(start))) start++;
  return start;
}
