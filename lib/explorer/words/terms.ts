// What the words of the page mean, in a sentence with the present numbers in it.
import type { DistResult } from "../../wire/distribution.ts";
import { PARAMETERS, type Params } from "../../sampling/params.ts";
import { count, measure, percent, tokens } from "./format.ts";

/** The numbers that are known now. Every sentence does without those that are not. */
export interface TermNumbers {
  readonly entropyBits?: number | undefined;
  readonly effectiveChoices?: number | undefined;
  /** Tokens, most probable first, that hold 90 %. */
  readonly mass90?: number | undefined;
  readonly eosP?: number | undefined;
  /** Tokens that the settings leave. */
  readonly kept?: number | undefined;
  readonly vocabulary?: number | undefined;
  readonly firstP?: number | undefined;
  /** Of all that top-p, top-k and the like removed, by the model. */
  readonly removedMass?: number | undefined;
  readonly params?: Params | undefined;
}

export type Term =
  | "entropy"
  | "effective choices"
  | "90 % of mass"
  | "top-p set"
  | "end of text"
  | "temperature"
  | "top-k"
  | "top-p"
  | "min-p";

type Sentences = (numbers: TermNumbers) => readonly (string | false)[];

const TERMS: Readonly<Record<Term, Sentences>> = {
  "entropy": ({ entropyBits: bits, effectiveChoices: choices }) => [
    "How open the choice is. 0 bits: one token is certain.",
    bits !== undefined && choices !== undefined &&
    `${measure(bits)} bits now: like a fair draw among ${measure(choices)}.`,
  ],
  "effective choices": ({ effectiveChoices: choices, kept }) => [
    "As uncertain as a fair draw among this many tokens: 2 to the power of the entropy.",
    choices !== undefined && kept !== undefined && `${measure(choices)} of ${tokens(kept)} that can come.`,
  ],
  "90 % of mass": ({ mass90 }) => [
    mass90 === undefined
      ? "The smallest number of tokens that hold 90 % of the probability."
      : mass90 === 1
      ? "One token alone holds 90 % of the probability."
      : `The ${tokens(mass90)} at the top hold 90 % of the probability, all others together 10 %.`,
  ],
  "top-p set": ({ kept, vocabulary, removedMass, params }) => [
    params !== undefined && kept !== undefined
      ? `Top-p ${params.top_p} and the other cuts leave ${tokens(kept)}${
        vocabulary === undefined ? "" : ` of ${count(vocabulary)}`
      }.`
      : "The tokens that the cuts leave.",
    removedMass !== undefined &&
    `What they removed had ${percent(removedMass)} % of the probability.`,
  ],
  "end of text": ({ eosP }) => [
    "The probability that the model ends its text here.",
    eosP !== undefined && eosP > 0 && `${percent(eosP)} %: about once in ${onceIn(eosP)} draws.`,
  ],
  "temperature": ({ params, firstP }) => [
    PARAMETERS.temperature.about,
    params !== undefined && firstP !== undefined &&
    `At ${number(params.temperature)} the first bar has ${percent(firstP)} %.`,
  ],
  "top-k": ({ params, kept }) => [
    PARAMETERS.top_k.about,
    params !== undefined && params.top_k > 0 && kept !== undefined && `${tokens(kept)} can come now.`,
  ],
  "top-p": ({ params, kept }) => [
    PARAMETERS.top_p.about,
    params !== undefined && params.top_p < 1 && kept !== undefined &&
    `At ${number(params.top_p)} that is ${tokens(kept)} now.`,
  ],
  "min-p": ({ params, firstP }) => [
    PARAMETERS.min_p.about,
    params !== undefined && params.min_p > 0 && firstP !== undefined &&
    `The limit is about ${percent(params.min_p * firstP)} % now.`,
  ],
};

/** What a term means, with those present numbers that are known. */
export function explain(term: Term, numbers: TermNumbers = {}): string {
  return TERMS[term](numbers).filter((sentence) => sentence !== false).join(" ");
}

/** The present numbers of a distribution. */
export function termNumbers(dist: DistResult, params: Params, vocabulary: number | null): TermNumbers {
  const best = [...dist.tokens, ...dist.kept_top].reduce((most, { p_final }) => Math.max(most, p_final), 0);
  return {
    entropyBits: dist.entropy_final_bits,
    effectiveChoices: dist.effective_choices,
    mass90: dist.mass_90_count,
    eosP: dist.eos_p,
    kept: dist.kept_token_count,
    firstP: best,
    params,
    ...dist.stages.length === 0 ? {} : { removedMass: removedMass(dist) },
    ...vocabulary === null ? {} : { vocabulary },
  };
}

/** The share that all stages together took away: each removes from what the ones before had left. */
function removedMass({ stages }: DistResult): number {
  return 1 - stages.reduce((left, { removed_mass }) => left * (1 - removed_mass), 1);
}

function number(value: number): string {
  return String(Number(value.toFixed(2)));
}

function onceIn(p: number): string {
  const draws = 1 / p;
  return draws < 10 ? String(Number(draws.toFixed(1))) : count(Number(draws.toPrecision(2)));
}
