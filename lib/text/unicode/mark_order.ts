// Combining marks in canonical order (Unicode, chapter 3.11). The engine puts each mark of a run into its place among
// those before it, which takes a minute for a megabyte of two marks in turn.

/** Marks of a run from which they are ordered here. */
const LONG_RUN = 64;
const longRuns = new RegExp(`\\p{M}{${LONG_RUN},}`, "gu");

/** Marks of the lowest combining class and of the highest. */
const [LOWEST, HIGHEST] = ["\u0334", "\u0345"];

/** A text of the same normal forms whose long runs of marks are decomposed, and in canonical order. */
export function orderLongRuns(text: string): string {
  return text.replace(longRuns, orderRun);
}

function orderRun(run: string): string {
  const marks = new Set(run);
  if (marks.size === 1) return run;
  const decomposed = new Map<string, readonly string[]>();
  for (const mark of marks) decomposed.set(mark, [...mark.normalize("NFD")]);
  const ranks = rankByClass([...new Set([...decomposed.values()].flat())]);
  let ordered = "";
  let byRank: string[] = []; // what lies between two starters
  for (const mark of run) {
    for (const part of decomposed.get(mark)!) {
      const rank = ranks.get(part);
      if (rank !== undefined) byRank[rank] = (byRank[rank] ?? "") + part;
      else {
        ordered += byRank.join("") + part;
        byRank = [];
      }
    }
  }
  return ordered + byRank.join("");
}

/** Of the marks that are no starters a number in the order of their combining classes, the same for those of one
 * class. */
export function rankByClass(marks: readonly string[]): Map<string, number> {
  const classes: string[][] = [];
  for (const mark of marks) {
    if (!isAbove(mark, LOWEST) && !isAbove(HIGHEST, mark)) continue;
    let [low, high] = [0, classes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAbove(mark, classes[middle]![0]!)) low = middle + 1;
      else high = middle;
    }
    const found = classes[low];
    if (found === undefined || isAbove(found[0]!, mark)) classes.splice(low, 0, [mark]);
    else found.push(mark);
  }
  return new Map(classes.flatMap((those, rank) => those.map((mark) => [mark, rank] as const)));
}

/** Whether a mark's class is above that of the other one, which is no starter: they change places. */
function isAbove(mark: string, other: string): boolean {
  return (mark + other).normalize("NFD") === other + mark && mark !== other;
}
