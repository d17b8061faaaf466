// The colours of tokens: which value, in five steps, with a meter of the same length for those who see no colours.
import { formatCoordinate } from "../../basics/round.ts";

export type HeatScale = "off" | "probability" | "surprise" | "entropy" | "attribution";

export const HEAT_SCALES: readonly { readonly value: HeatScale; readonly label: string }[] = [
  { value: "probability", label: "Probability" },
  { value: "surprise", label: "Surprise" },
  { value: "entropy", label: "Uncertainty" },
  { value: "attribution", label: "Attribution" },
  { value: "off", label: "Off" },
];

/** The scale after this one, for the key H. */
export function nextHeatOf(scale: HeatScale): HeatScale {
  const at = HEAT_SCALES.findIndex(({ value }) => value === scale);
  return HEAT_SCALES[(at + 1) % HEAT_SCALES.length]!.value;
}

/** What a token's colour can be read from. */
export interface Scored {
  readonly p?: number | null;
  readonly entropy_bits?: number | null; // of the distribution the token was drawn from
}

export type HeatStep = 1 | 2 | 3 | 4 | 5;

/** What a colour stands for; `against`: attribution that speaks for the other token. */
export type Tint = Exclude<HeatScale, "off"> | "against";

export interface Heat {
  readonly scale: Tint;
  /** 0..1, the length of the meter. */
  readonly value: number;
  readonly step: HeatStep;
}

const FULL_BITS = 8; // surprise and entropy are full from here on
const LETTERS = { probability: "p", surprise: "s", entropy: "h", attribution: "a", against: "b" } as const;

function valueOf({ p, entropy_bits }: Scored, scale: HeatScale): number | null {
  if (scale === "entropy") return entropy_bits == null ? null : entropy_bits / FULL_BITS;
  if (p == null || scale === "off" || scale === "attribution") return null;
  return scale === "probability" ? p : -Math.log2(p) / FULL_BITS;
}

/** The step of a value in 0..1: 1 + floor(5 v), at most 5. */
export function heatStepOf(value: number): HeatStep {
  return Math.min(5, 1 + Math.floor(5 * value)) as HeatStep;
}

/** The colour of a token; null where the scale is off or nothing is known (the first token has no probability). */
export function heatOf(scored: Scored, scale: HeatScale): Heat | null {
  const raw = valueOf(scored, scale);
  if (raw === null || Number.isNaN(raw) || scale === "off") return null;
  const value = Math.min(1, Math.max(0, raw));
  return { scale, value, step: heatStepOf(value) };
}

const SHARE_STEPS = 3;

/** The colour of a share of the largest score, −1..1, in three steps: below 0 it speaks for the other side. */
export function heatOfShare(share: number): Heat {
  const value = Math.min(1, Math.abs(share));
  const step = Math.min(SHARE_STEPS, 1 + Math.floor(SHARE_STEPS * value)) as HeatStep;
  return { scale: share < 0 ? "against" : "attribution", value, step };
}

/** How long the line at a token's foot is: "37.5%". */
export function meterLengthOf(heat: Heat): string {
  return `${formatCoordinate(heat.value * 100, 1)}%`;
}

/** The class of a token: "heat heat-p3". */
export function heatClass(heat: Heat | null): string {
  return heat === null ? "" : `heat heat-${LETTERS[heat.scale]}${heat.step}`;
}

/** The class that colours a meter. */
export function meterClass(scale: Heat["scale"]): string {
  return `meter meter-${LETTERS[scale]}`;
}

export interface HeatLegend {
  readonly from: string;
  readonly to: string;
  readonly steps: readonly Heat[];
}

const ENDS = {
  probability: ["unlikely", "likely"],
  surprise: ["0 bits, expected", "8 bits, surprising"],
  entropy: ["0 bits, sure", "8 bits, open"],
} as const;

/** The legend of a scale in words, with the same meters as the tokens; null where there are no colours. Attribution
 * brings a legend of its own. */
export function heatLegend(scale: HeatScale): HeatLegend | null {
  if (scale === "off" || scale === "attribution") return null;
  const [from, to] = ENDS[scale];
  const steps = ([1, 2, 3, 4, 5] as const).map((step): Heat => ({ scale, value: step / 5, step }));
  return { from, to, steps };
}
