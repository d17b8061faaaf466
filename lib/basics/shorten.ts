const LONE_AT_END = /[\uD800-\uDBFF]$/;
const LONE_AT_START = /^[\uDC00-\uDFFF]/;

/** The text, or its beginning and end with "…" between where it has more than `most` UTF-16 units. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor(most / 4);
  const [before, behind] = [text.slice(0, most - end - 1), text.slice(-end)];
  return `${before.replace(LONE_AT_END, "")}…${behind.replace(LONE_AT_START, "")}`;
}
