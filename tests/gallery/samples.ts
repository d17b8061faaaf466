// Distributions made up for looking at the parts: the arithmetic of the stages is the real one, over 400 tokens.
import type { DistResult, DistToken } from "../../lib/wire/distribution.ts";
import { ledgerOf, orderShown } from "../../lib/sampling/ledger.ts";
import { NEUTRAL_PARAMS, type Params } from "../../lib/sampling/params.ts";
import { runPipeline } from "../../lib/sampling/pipeline.ts";

const WORDS = [
  ...[" view", " sound", " fresh", " ability", " sea", " feeling", " smell", " beach", " sense", " peace"],
  ...["\n", "<|im_end|>", ",", ".", " of", " constant companionship", " ocean", " way", " air", "\uFFFD"],
];
export const VOCABULARY = 400;

function tokenOf(id: number): Pick<DistToken, "id" | "text" | "display" | "special" | "bytes" | "offset"> {
  const text = WORDS[id] ?? ` word${id}`;
  const display = text.replace(/^ +/, (spaces) => "␠".repeat(spaces.length)).replaceAll("\n", "⏎");
  const bytes = text === "\uFFFD" ? [0xe2, 0x80] : [...new TextEncoder().encode(text)];
  return { id, text, display, special: text.startsWith("<|"), bytes, offset: 0 };
}

/** A falling distribution: the first words hold most of it. */
function logits(sharpness: number): Float64Array {
  return Float64Array.from({ length: VOCABULARY }, (_, id) => 6 - sharpness * Math.sqrt(id) - (id % 3) * 0.1);
}

export interface SampleOptions {
  readonly params?: Partial<Params>;
  readonly topK?: number;
  readonly sharpness?: number;
  /** Ids that a constraint allows. */
  readonly allowed?: readonly number[];
}

/** What /api/preview would answer for settings. */
export function sampleDist({ params, topK = 10, sharpness = 0.8, allowed }: SampleOptions = {}): DistResult {
  const mask = allowed === undefined ? null : new Int32Array(Math.ceil(VOCABULARY / 32));
  for (const id of allowed ?? []) mask![id >> 5]! |= 1 << (id & 31);
  const run = runPipeline(logits(sharpness), [3, 4], 2, { ...NEUTRAL_PARAMS, ...params }, { mask });
  const ids = orderShown(run, topK);
  const tokens = ledgerOf(run, ids).map((entry, rank): DistToken => ({
    ...tokenOf(entry.id),
    p_base: entry.pBase,
    p_final: entry.pFinal,
    p_raw: run.raw.probs[entry.id]!,
    kept: entry.kept,
    valid: entry.valid,
    rank,
    logit: entry.logit,
    removed_by: entry.removedBy,
    stages: entry.stages.map((p, at) => run.stages[at]!.after.logits[entry.id] === -Infinity ? null : p),
    restore: entry.change,
  }));
  const sum = (value: (token: DistToken) => number) =>
    tokens.reduce((total, token) => total + value(token), 0);
  const keptIds = Array.from(orderShown({ ...run, base: run.final }, topK)).filter((id) =>
    run.final.logits[id]! > -Infinity
  );
  return {
    top_k: topK,
    tokens,
    kept_top: tokens.some(({ kept }) => kept)
      ? []
      : keptIds.map((id) => ({ ...tokenOf(id), p_final: run.final.probs[id]! })),
    other_p_base: 1 - sum(({ p_base }) => p_base),
    other_p_final: Math.max(0, 1 - sum(({ p_final }) => p_final)),
    other_p_raw: 1 - sum(({ p_raw }) => p_raw),
    kept_token_count: run.final.kept,
    constraint_active: mask !== null,
    constraint_type: mask === null ? null : "regex",
    entropy_bits: run.raw.entropyBits,
    entropy_final_bits: run.final.entropyBits,
    effective_choices: 2 ** run.final.entropyBits,
    mass_90_count: 7,
    eos_p: run.final.probs[11]!,
    stages: run.stages.map(({ name, kept, removed, removedMass, after }) => ({
      name,
      kept,
      removed,
      removed_mass: removedMass,
      entropy_bits: after.entropyBits,
    })),
    masked_mass: run.stages.find(({ name }) => name === "constraint")?.removedMass ?? 0,
  };
}

/** Every token of the vocabulary by rank, as /api/vocabulary would page it. */
export function sampleVocabulary(params: Partial<Params> = {}): readonly DistToken[] {
  return sampleDist({ params, topK: VOCABULARY }).tokens;
}

/** A prompt as it comes back with scores. */
export const SCORED_PROMPT = [
  ["The", null, null],
  ["␠best", 0.091, 7.2],
  ["␠thing", 0.382, 4.1],
  ["␠about", 0.417, 3.2],
  ["␠living", 0.064, 6.4],
  ["␠by", 0.021, 2.9],
  ["␠the", 0.713, 1.4],
  ["␠sea", 0.46, 3.8],
  ["␠is", 0.99, 0.2],
].map(([display, p, entropy_bits]) => ({
  text: String(display).replace("␠", " "),
  display: String(display),
  special: false,
  bytes: [],
  p: p as number | null,
  entropy_bits: entropy_bits as number | null,
}));
