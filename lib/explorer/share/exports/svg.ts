// The bars as a drawing of their own: SVG with fixed colours and system fonts, the same everywhere.
import type { DistRow, DistView } from "../../views/dist_rows.ts";
import { escapeHtml } from "../../../basics/escape_html.ts";
import { expandMarks, type RenderedPart } from "../../words/appearance.ts";
import { formatCoordinate } from "../../../basics/round.ts";
import { MARK_PATHS } from "../../words/marks.ts";

export interface BarsSvgOptions {
  /** "The capital of France is" */
  readonly title: string;
  /** "SmolLM2-135M-Instruct · temperature 0.7" */
  readonly caption: string;
  readonly theme: "light" | "dark";
  /** Raw ticks, as the page shows them with More controls. */
  readonly raw: boolean;
  /** Some bars are of removed tokens: the key says what the hatching means. */
  readonly removed?: boolean;
  /** Rules of CSS that bring the fonts; without them the viewer's own are used. */
  readonly fonts?: string;
}

const THEMES = {
  light: {
    surface: "#ffffff",
    ink: "#15171c",
    soft: "#626772",
    line: "#e6e4e0",
    bar: "#4a7bea",
    other: "#8f949e",
    accent: "#2456d6",
  },
  dark: {
    surface: "#16181d",
    ink: "#eceef2",
    soft: "#949ba8",
    line: "#262a32",
    bar: "#5d89f2",
    other: "#6d7583",
    accent: "#8fb0ff",
  },
} as const;

const MONO = "'JetBrains Mono', ui-monospace, 'SF Mono', Menlo, Consolas, monospace";
const SANS = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const [WIDTH, PAD, ROW] = [720, 24, 34];
const [PLOT_LEFT, PLOT_RIGHT] = [206, 622];
const TOP = 96; // of the first row, under a title of one line
const LINE = 24; // of the title
const KEY = 34; // height of the key
const TITLE_COLUMNS = 72;
const CAPTION_COLUMNS = 104;
const ADVANCE = 9; // pixels of one character of a token
const MARKS: Readonly<Record<string, { readonly path: string; readonly width: number }>> = {
  space: { path: "M1.5 9.5v3h7v-3", width: 10 },
  newline: { path: MARK_PATHS.newline, width: 14 },
  tab: { path: MARK_PATHS.tab, width: 14 },
  empty: { path: MARK_PATHS.empty, width: 14 },
};

type Theme = typeof THEMES[keyof typeof THEMES];

/** A standalone SVG file of a distribution's bars, with its title as the accessible name. */
export function barsSvg(view: DistView, options: BarsSvgOptions): string {
  const { title, caption, theme, raw, fonts = "" } = options;
  const colours = THEMES[theme];
  const rows = [...view.rows, otherRowOf(view)];
  const titles = wrap(title, TITLE_COLUMNS);
  const captions = wrap(caption, CAPTION_COLUMNS);
  const head = 38 + titles.length * LINE; // baseline under the title
  const top = TOP + (titles.length - 1) * LINE + (captions.length - 1) * 16;
  const height = top + rows.length * ROW + KEY + PAD;
  const x = (share: number) => PLOT_LEFT + share * (PLOT_RIGHT - PLOT_LEFT);
  const labels = view.axis.map(({ at, text }) =>
    `<text x="${x(at)}" y="${top - 8}" class="soft" text-anchor="middle">${xmlText(text)}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${
    xmlText(title)
  }">
<title>${xmlText(title)}</title>
<style>${fonts}${styleOf(colours)}</style>
<defs><pattern id="stripes" width="4" height="8" patternUnits="userSpaceOnUse"><rect width="2" height="8" fill="${colours.other}"/></pattern>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.5" height="6" fill="${colours.other}"/></pattern></defs>
<rect width="${WIDTH}" height="${height}" fill="${colours.surface}"/>
${linesSvg(titles, 38, LINE, "title")}
${linesSvg(captions, head - 2, 16, "soft")}
${labels.join("\n")}
<rect x="${PLOT_LEFT}" y="${top}" width="1" height="${rows.length * ROW}" fill="${colours.line}"/>
${rows.map((row, at) => rowSvg(row, top + at * ROW, raw)).join("\n")}
${keySvg(top + rows.length * ROW + KEY - 8, options)}
</svg>
`;
}

function linesSvg(lines: readonly string[], first: number, step: number, kind: string): string {
  return lines.map((line, at) =>
    `<text x="${PAD}" y="${first + at * step}" class="${kind}">${xmlText(line)}</text>`
  )
    .join("\n");
}

/** Whole lines of at most so many cells, broken between words where that is possible. */
function wrap(text: string, most: number): string[] {
  const lines = [""];
  const words = text.replace(/\s+/g, " ").trim().split(/(?<= )/).flatMap((word) =>
    [...word].length > most
      ? [...word].flatMap((_, at, all) => at % most ? [] : [all.slice(at, at + most).join("")])
      : [word]
  );
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line !== "" && countColumns(line) + countColumns(word.trimEnd()) > most) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines.map((line) => line.trimEnd());
}

/** What the marks mean: final, raw, removed, all others. */
function keySvg(baseline: number, { raw, removed = false }: BarsSvgOptions): string {
  const marks: readonly (readonly [shape: string, text: string, width: number])[] = [
    ['class="bar"', "Final probability", 150],
    ...raw ? [['class="tick"', "Raw model probability", 176] as const] : [],
    ...removed ? [['class="cut"', "Excluded", 104] as const] : [],
    ['fill="url(#stripes)"', "All other tokens", 0],
  ];
  let x = PAD;
  return marks.map(([shape, text, width]) => {
    const at = x;
    x += width;
    const thin = shape === 'class="tick"';
    return `<rect x="${at + (thin ? 8 : 0)}" y="${baseline - 10}" width="${
      thin ? 2 : 18
    }" height="11" ${shape}/>` +
      `<text x="${at + 26}" y="${baseline}" class="soft">${text}</text>`;
  }).join("");
}

type DrawnRow = Pick<DistRow, "kept" | "rank" | "final" | "reason" | "length" | "tick" | "chosen"> & {
  readonly parts: readonly RenderedPart[];
  readonly other: boolean;
};

function otherRowOf({ other }: DistView): DrawnRow {
  const { label, final, length } = other;
  const parts: RenderedPart[] = [{ kind: "text", text: label }];
  return { parts, kept: true, rank: "", final, reason: "", length, tick: null, chosen: false, other: true };
}

function rowSvg(row: DistRow | DrawnRow, top: number, raw: boolean): string {
  const other = "other" in row;
  const parts = "parts" in row ? row.parts : row.rendering.parts;
  const length = row.length * (PLOT_RIGHT - PLOT_LEFT);
  const fill = other ? `fill="url(#stripes)"` : row.kept ? `class="bar"` : `class="cut"`;
  const middle = top + ROW / 2;
  const tick = row.tick === null || !raw
    ? ""
    : `<rect x="${formatCoordinate(PLOT_LEFT + row.tick * (PLOT_RIGHT - PLOT_LEFT) - 1, 1)}" y="${
      top + 5
    }" width="2" height="${ROW - 10}" class="tick"/>`;
  const value = row.kept ? `${row.final} %` : row.reason;
  return [
    row.chosen ? `<rect x="${PAD - 10}" y="${top + 6}" width="3" height="${ROW - 12}" class="mark"/>` : "",
    `<text x="${PAD + 18}" y="${middle + 4}" class="soft" text-anchor="end">${row.rank}</text>`,
    other
      ? `<text x="${PAD + 32}" y="${middle + 4}" class="soft">${xmlText(textOf(parts))}</text>`
      : tokenSvg(parts, PAD + 32, middle + 5),
    `<rect x="${PLOT_LEFT}" y="${top + 8}" width="${formatCoordinate(length, 1)}" height="${
      ROW - 16
    }" ${fill}/>`,
    tick,
    `<text x="${WIDTH - PAD}" y="${middle + 5}" class="${row.kept ? "value" : "soft"}" text-anchor="end">${
      xmlText(value)
    }</text>`,
  ].filter((part) => part !== "").join("");
}

function textOf(parts: readonly RenderedPart[]): string {
  return parts.map((part) => "text" in part ? part.text : " ").join("");
}

/** A token from left to right. Every text gets its length, so that marks stand right in any font. */
function tokenSvg(parts: readonly RenderedPart[], left: number, baseline: number): string {
  let x = left;
  const room = PLOT_LEFT - 10;
  return expandMarks(parts).map((part) => {
    if ("text" in part) {
      const text = shorten(part.text, Math.max(1, Math.floor((room - x) / ADVANCE)));
      const width = countColumns(text) * ADVANCE;
      const at = x;
      x += width;
      return `<text x="${at}" y="${baseline}" class="token" textLength="${width}" xml:space="preserve">${
        xmlText(text)
      }</text>`;
    }
    const { path, width } = MARKS[part.kind]!;
    const at = x;
    x += width;
    return x > room ? "" : `<path class="ws" d="${path}" transform="translate(${at} ${baseline - 12.5})"/>`;
  }).join("");
}

/** Cells of a monospaced font: two for the wide characters of East Asia and for pictures. */
function countColumns(text: string): number {
  const wide =
    /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\u{1F300}-\u{3FFFD}]/u;
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

function shorten(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, " ")];
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}

/** Text for an XML document, which knows no control characters and no halves of characters. */
function xmlText(text: string): string {
  // deno-lint-ignore no-control-regex
  const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
  return escapeHtml(text.toWellFormed().replace(forbidden, "\uFFFD"));
}

function styleOf(colours: Theme): string {
  return `.title{font:600 18px ${SANS};fill:${colours.ink}}.soft{font:400 12px ${SANS};fill:${colours.soft}}` +
    `.value{font:600 15px ${SANS};fill:${colours.ink}}.token{font:500 15px ${MONO};fill:${colours.ink}}` +
    `.bar{fill:${colours.bar}}.cut{fill:url(#hatch);stroke:${colours.other}}.mark{fill:${colours.accent}}` +
    `.tick{fill:${colours.ink};stroke:${colours.surface}}` +
    `.ws{fill:none;stroke:${colours.ink};stroke-width:1.3;opacity:.62}`;
}
