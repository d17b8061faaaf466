// The name that a misspelt one was meant to be.

/** Mistakes that a name of so many letters may have: in a short one none, in a longer one two. */
const mistakesIn = (letters: number) => letters < 3 ? 0 : letters < 5 ? 1 : 2;

/** Letters of a name that is long enough to be compared; what is sent may be a megabyte. */
const LONGEST = 64;

/** The one of `names` that is nearest to `name`, or null where none is near; of params.top_k the end is compared. Case
 * and what stands between words count for nothing: top-k is top_k. */
export function findNearName(name: string, names: readonly string[]): string | null {
  if (name.length > LONGEST) return null;
  const sent = lettersOf(name);
  const near = names.map((one) => ({ one, mistakes: countMistakes(sent, lettersOf(one.split(".").at(-1)!)) }))
    .filter(({ mistakes }) => mistakes <= mistakesIn(sent.length))
    .sort((a, b) => a.mistakes - b.mistakes);
  return near[0]?.one ?? null;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Letters to add, drop, change, or swap with their neighbour, to make `b` of `a`. */
function countMistakes(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + same,
        swapped ? before[j - 2]! + 1 : Infinity,
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
