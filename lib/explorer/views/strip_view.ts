// The tokens of the text as the strip shows them, and the facts of one token for its card.
import type { Token } from "../../wire/token.ts";
import type { TokenScore } from "../../wire/token.ts";
import { currentTip } from "../session/branches.ts";
import { drawText, formatBits, formatCount, formatPercent, sayNumber } from "../words/format.ts";
import { type Heat, heatOf, type HeatScale, type Scored } from "../words/heat.ts";
import { renderToken, type TokenRendering } from "../words/appearance.ts";
import { forksOf } from "../moves/path_moves.ts";
import { isGreedy } from "../settings/sampling.ts";
import { pathTokensOf } from "../session/path_text.ts";
import { toHexadecimal } from "../../basics/hexadecimal.ts";
import { inspectedPlaceOf } from "../session/inspection.ts";
import { rootOf, stepsOf } from "../session/tree.ts";
import type { Session, StepNode } from "../session/types.ts";

export interface StripToken {
  /** Place in the text, prompt included. */
  readonly at: number;
  /** Place in the completion; null: a token of the prompt. */
  readonly step: number | null;
  readonly rendering: TokenRendering;
  readonly heat: Heat | null;
  /** Its classes besides the colour. */
  readonly marks: string;
  readonly selected: boolean;
  /** A branch leaves here. */
  readonly fork: boolean;
  readonly breaks: boolean; // a line ends with it
  /** Its accessible name. */
  readonly label: string;
}

/** What is known of a token's probability; null: nothing. */
function readScored(step: StepNode | undefined, score: TokenScore | undefined): Scored | null {
  if (step === undefined) return score === undefined ? null : score;
  const { p, pRaw, entropyBits } = step.record;
  return { p: p > 0 ? p : pRaw, entropy_bits: entropyBits };
}

/** How a token was drawn and what it was called, as the step that it belongs to (none: the prompt). */
interface Drawn {
  readonly rendering: TokenRendering;
  readonly label: string;
  readonly step: StepNode | undefined;
}

/** What a page remembers of the tokens that it has drawn: a long text costs no more than its new token. */
export type DrawnTokens = WeakMap<Token, Drawn>;

function drawToken(token: Token, step: StepNode | undefined, drawn: DrawnTokens): Drawn {
  const before = drawn.get(token);
  if (before !== undefined && before.step === step) return before;
  const rendering = before?.rendering ?? renderToken(token);
  const now = { rendering, label: labelOf(rendering, step), step };
  drawn.set(token, now);
  return now;
}

/** The tokens of the current text. */
export function stripView(session: Session, drawn: DrawnTokens): StripToken[] {
  const tip = currentTip(session.tree);
  if (tip === null) return [];
  const tokens = pathTokensOf(tip);
  const steps = stepsOf(tip);
  const first = tokens.length - steps.length;
  const forks = forksOf(session);
  const root = rootOf(tip);
  const scores = session.display.expert ? session.promptScores.get(root.id) : undefined;
  const { heat } = session.display;
  const inspected = inspectedPlaceOf(session);
  return tokens.map((token, at) => {
    const step = steps[at - first];
    const { rendering, label } = drawToken(token, step, drawn);
    const index = step === undefined ? null : at - first;
    const node = step ?? (at === first - 1 ? root : null);
    return {
      at,
      step: index,
      rendering,
      heat: colourOf(heat, isPast(at, inspected), readScored(step, scores?.[at])),
      marks: marksOf(token, step, isPast(at, inspected)),
      selected: at === inspected,
      fork: node !== null && forks.has(node),
      breaks: rendering.parts.some((part) => part.kind === "newline"),
      label,
    };
  });
}

/** Tokens behind an inspected one are not there yet. */
function isPast(at: number, inspected: number | null): boolean {
  return inspected !== null && at > inspected;
}

function colourOf(scale: HeatScale, past: boolean, scored: Scored | null): Heat | null {
  return scored === null || past ? null : heatOf(scored, scale);
}

function marksOf(token: Token, step: StepNode | undefined, past: boolean): string {
  const marks = [
    step !== undefined && "appended",
    token.special && "special",
    step !== undefined && isForced(step) && "forced",
    past && "past",
  ];
  return marks.filter((mark) => typeof mark === "string").join(" ");
}

/** A text that was forced, or the only one that the constraint left. */
function isForced({ record: { origin, dist } }: StepNode): boolean {
  return origin === "forced" || dist?.constraint?.forced != null;
}

function labelOf(rendering: TokenRendering, step: StepNode | undefined): string {
  if (step === undefined) return `${rendering.spoken}, prompt`;
  const { p, pRaw, rank, origin } = step.record;
  const share = `${sayNumber(formatPercent(p > 0 ? p : pRaw ?? 0))} percent`;
  const place = rank === null ? "" : `, rank ${formatCount(rank + 1)}`;
  return `${rendering.spoken}, ${share}${place}, ${origin}`;
}

/** Everything about one token. */
export interface TokenCard {
  readonly rendering: TokenRendering;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Facts that the accessible name says too: a screen reader does not read them twice. */
  readonly named: ReadonlySet<string>;
  readonly note: string;
  /** The card lacks what the model thought of a prompt's token: it can be asked. */
  readonly wantsScores: boolean;
}

const MOST_BYTES = 8;

/** What `labelOf` says of a step. */
const NAMED: ReadonlySet<string> = new Set(["Probability", "Rank", "Came by"]);
const NOT_NAMED: ReadonlySet<string> = new Set();

/** The card of a token; null where there is none. */
export function cardOfToken(session: Session, at: number): TokenCard | null {
  const tip = currentTip(session.tree);
  if (tip === null) return null;
  const token = pathTokensOf(tip)[at];
  if (token === undefined) return null;
  const root = rootOf(tip);
  const first = root.read?.tokens.length ?? 0;
  const step = stepsOf(tip)[at - first];
  const scores = session.promptScores.get(root.id);
  const bytes = toHexadecimal(token.bytes.slice(0, MOST_BYTES));
  const facts: (readonly [string, string])[] = [
    ["Id", String(token.id)],
    ["Bytes", token.bytes.length > MOST_BYTES ? `${bytes} …` : bytes],
    ...step === undefined ? factsOfScore(scores?.[at]) : factsOfStep(step),
  ];
  return {
    rendering: renderToken(token),
    facts,
    named: step === undefined ? NOT_NAMED : NAMED,
    note: noteOf(at, step),
    wantsScores: step === undefined && at > 0 && scores === undefined,
  };
}

function factsOfScore(score: TokenScore | undefined): (readonly [string, string])[] {
  if (score?.p == null) return [];
  return [
    ["Probability", `${formatPercent(score.p)} %`],
    ["Surprise", `${formatBits(score.surprisal_bits ?? 0)} bits`],
    ["Rank", rankText(score.rank)],
    ...score.entropy_bits === null ? [] : [factOfEntropy(score.entropy_bits)],
  ];
}

function factsOfStep({ record }: StepNode): (readonly [string, string])[] {
  const { p, pRaw, rank, entropyBits, draw, origin, params } = record;
  const shown = p > 0 ? p : pRaw ?? 0;
  const facts: (readonly [string, string])[] = [
    ["Probability", p > 0 ? `${formatPercent(p)} %` : "0 %, removed"],
    ["Surprise", shown > 0 ? `${formatBits(-Math.log2(shown))} bits` : pRaw === null ? NOT_TOLD : "∞"],
    ["Rank", rankText(rank)],
    factOfEntropy(entropyBits),
  ];
  if (pRaw !== null && Math.abs(pRaw - p) > 5e-4) {
    facts.splice(1, 0, ["Model's own", `${formatPercent(pRaw)} %`]);
  }
  const drawn = draw === null ? ORIGIN_WORDS[origin] : `draw ${drawText(draw.u)}`;
  facts.push(["Came by", draw !== null && isGreedy(params) ? ORIGIN_WORDS.greedy : drawn]);
  return facts;
}

const NOT_TOLD = "not told";

function rankText(rank: number | null): string {
  return rank === null ? NOT_TOLD : formatCount(rank + 1);
}

function factOfEntropy(entropyBits: number): readonly [string, string] {
  return ["Uncertainty before", `${formatBits(entropyBits)} bits`];
}

const ORIGIN_WORDS = { drawn: "a draw", chosen: "a click", greedy: "Greedy", forced: "force" } as const;

function noteOf(at: number, step: StepNode | undefined): string {
  if (step !== undefined) return "Click to see the bars it was drawn from.";
  return at === 0
    ? "Nothing comes before the first token, so it has no probability."
    : "Click to see the bars before it.";
}
