// Tokens put together as a reader sees them: words, sentences, chat messages. Scores of a segment are the sums of its
// tokens' scores, so that no score is lost or counted twice.

/** A run of tokens: indices [from, to). */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

export type TextUnit = "word" | "sentence";

/**
 * Words or sentences (Unicode's UAX #29, by Intl.Segmenter) of the tokens with these texts, which add up to the whole
 * text. A token belongs to the unit of its first character that is no space; tokens of spaces alone go with what
 * follows them, tokens without text with what their place is in. The segments cover all tokens, in order.
 */
export function segmentText(texts: readonly string[], unit: TextUnit, locale?: string): Segment[] {
  const text = texts.join("");
  const unitAt = createUnitFinder(text, unit, locale);
  const firstMark = (from: number) => {
    const rest = text.slice(from).search(/\S/);
    return rest < 0 ? text.length - 1 : from + rest;
  };
  let place = 0;
  const units = texts.map((token) => {
    const unitIndex = unitAt(firstMark(place));
    place += token.length;
    return unitIndex;
  });
  return runsOf(units);
}

/**
 * Chat messages, each beginning at one of the tokens `starts` (ascending); what stands before the first one is a
 * segment of its own. Throws a RangeError where the starts are no ascending indices of `count` tokens.
 */
export function segmentMessages(starts: readonly number[], count: number): Segment[] {
  const edges = starts[0] === 0 ? [...starts] : [0, ...starts];
  return edges.map((from, i) => {
    const to = edges[i + 1] ?? count;
    if (!Number.isInteger(from) || from >= to || to > count) {
      throw new RangeError(`Expected message starts to ascend below ${count} tokens but found [${starts}]`);
    }
    return { from, to };
  });
}

/** The sum of the tokens' scores of each segment. Throws a RangeError where a segment reaches past the scores. */
export function sumScores(scores: readonly number[], segments: readonly Segment[]): number[] {
  return segments.map(({ from, to }) => {
    if (from < 0 || to > scores.length) {
      throw new RangeError(
        `Expected tokens ${from} to ${to} to have scores but found ${scores.length} scores`,
      );
    }
    return scores.slice(from, to).reduce((sum, score) => sum + score, 0);
  });
}

/** Place in the text → index of the word or sentence that it is in. */
function createUnitFinder(
  text: string,
  unit: TextUnit,
  locale: string | undefined,
): (place: number) => number {
  const starts = [...new Intl.Segmenter(locale, { granularity: unit }).segment(text)].map(({ index }) =>
    index
  );
  return (place) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) { // starts[low] <= place < starts[high]
      const middle = (low + high) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle;
    }
    return low;
  };
}

/** Runs of equal numbers. */
function runsOf(units: readonly number[]): Segment[] {
  const segments: Segment[] = [];
  for (let from = 0; from < units.length;) {
    let to = from + 1;
    while (units[to] === units[from]) to++;
    segments.push({ from, to });
    from = to;
  }
  return segments;
}
