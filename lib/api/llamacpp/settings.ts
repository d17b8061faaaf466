// llama.cpp's settings in our words: its defaults, its order of samplers, its forms of a bias.
import { findOwn } from "../../basics/find_own.ts";
import type { Engine, SubmitOptions } from "../../engine/types.ts";
import { BANNING_BIAS, NEUTRAL_PARAMS, type OrderedStage, type Params } from "../../sampling/params.ts";
import { apiFault } from "../http/errors.ts";
import { MOST_NAMES } from "../http/json_size.ts";
import { readTokenId } from "../schemas/values.ts";

/** Its samplers by the stages that they are. */
const SAMPLERS: Readonly<Record<string, readonly OrderedStage[]>> = {
  penalties: ["repetition", "frequency", "presence"],
  dry: ["dry"],
  top_n_sigma: ["top_n_sigma"],
  top_k: ["top_k"],
  typ_p: ["typical_p"],
  typical_p: ["typical_p"],
  top_p: ["top_p"],
  min_p: ["min_p"],
  xtc: ["xtc"],
  temperature: ["temperature"],
};
const LETTERS: Readonly<Record<string, keyof typeof SAMPLERS>> = {
  ...{ e: "penalties", d: "dry", s: "top_n_sigma", k: "top_k", y: "typ_p", p: "top_p", m: "min_p", x: "xtc" },
  t: "temperature",
};
export const SAMPLER_LETTERS = /^[edskypmxt]*$/;
/** What samplers may name. */
export const SAMPLER_NAMES = Object.keys(SAMPLERS);
const DEFAULT_SAMPLERS = [
  ...["penalties", "dry", "top_n_sigma", "top_k", "typ_p", "top_p", "min_p", "xtc", "temperature"],
] as const;
/** Its mirostat stands in place of every filter. */
const MIROSTAT_STAGES: readonly OrderedStage[] = ["logit_bias", "constraint", "temperature", "mirostat"];

/** What its server does where a request says nothing. */
export const LLAMA_DEFAULTS: Params = {
  ...NEUTRAL_PARAMS,
  ...{ temperature: 0.8, top_k: 40, top_p: 0.95, top_p_rule: "at_least", min_p: 0.05 },
  ...{ penalty_last_n: 64, dry_last_n: 64 },
  stages: stagesOf(DEFAULT_SAMPLERS),
};

/** Where repeats end for its DRY. */
export const DEFAULT_BREAKERS = ["\n", ":", '"', "*"] as const;

/** The stages of samplers by name, or by their letters. Bias and grammar come first, as there. Throws
 * invalid_request. */
export function stagesOf(samplers: readonly string[] | string): readonly OrderedStage[] {
  const names = typeof samplers === "string"
    ? Array.from(samplers, (letter) => LETTERS[letter] ?? letter)
    : samplers;
  const stages = names.flatMap((name) => {
    const found = findOwn(SAMPLERS, name);
    if (found !== undefined) return found;
    const known = DEFAULT_SAMPLERS.join(", ");
    const message = `samplers has ${JSON.stringify(name.slice(0, 40))}, which is none of ${known}.`;
    throw apiFault("invalid_request", message, "samplers");
  });
  return ["logit_bias", "constraint", ...new Set(stages)];
}

/** The samplers that `stages` are, by their names there. */
function samplersOf(stages: Params["stages"]): readonly string[] {
  if (stages === null) return DEFAULT_SAMPLERS;
  const names = DEFAULT_SAMPLERS.filter((name) => SAMPLERS[name]!.some((stage) => stages.includes(stage)));
  const place = (name: string) =>
    Math.min(...SAMPLERS[name]!.map((stage) => stages.indexOf(stage)).filter((at) => at >= 0));
  return names.toSorted((a, b) => place(a) - place(b));
}

/** Settings by their names there; ours that it lacks by our own. `breakers`: texts. */
export function generationSettings(params: Params, breakers: unknown = DEFAULT_BREAKERS) {
  const { repetition_penalty, penalty_last_n, dry_last_n, stop_sequences, logit_bias, stages, ...rest } =
    params;
  return {
    ...rest,
    seed: params.seed ?? RANDOM_SEED,
    ...{ repeat_penalty: repetition_penalty, repeat_last_n: penalty_last_n, stop: stop_sequences },
    ...{ dry_penalty_last_n: dry_last_n === 0 ? -1 : dry_last_n, dry_sequence_breakers: breakers },
    mirostat: stages?.includes("mirostat") && params.mirostat_tau > 0 ? 2 : 0,
    logit_bias: Object.entries(logit_bias).map(([token, bias]) => ({ token: Number(token), bias })),
    samplers: samplersOf(stages),
    ...{ n_keep: 0, n_discard: 0, min_keep: 0, grammar_lazy: false, lora: [] },
  };
}

/** Mirostat is on where `mirostat` is 2, whatever its τ says. */
export function withMirostat(params: Params, version: unknown): Params {
  return version === 2 ? { ...params, stages: MIROSTAT_STAGES } : { ...params, mirostat_tau: 0 };
}

/** As good as 0 in double precision: all but the most probable token left are impossible. */
const COLDEST = 1e-9;

/** The settings with the temperature that its samplers come to: none where that sampler is left out, and at 0 the most
 * probable token that the samplers before it leave. Ours of 0 is the most probable of all, whatever filters say. */
export function withActingTemperature(params: Params): Params {
  const { temperature, stages, typical_p, xtc_probability, dynatemp_range } = params;
  if (stages !== null && !stages.includes("temperature")) return { ...params, temperature: 1 };
  const filtered = typical_p < 1 || xtc_probability > 0 || dynatemp_range > 0;
  return temperature <= 0 && filtered ? { ...params, temperature: COLDEST } : params;
}

const RANDOM_SEED = 2 ** 32 - 1; // what it says for none

/** Pairs of a bias; as an object they are names of a body, of which there may be no more. */
export const MOST_BIASES = MOST_NAMES;
/** Different texts among them: each is a job of the worker. */
export const MOST_BIAS_TEXTS = 1024;

/** A bias in one of its forms, [[id or text, number or false]] or an object of the same, by token id. A text counts for
 * each of its tokens. Throws invalid_request. */
export async function readBias(
  bias: unknown,
  engine: Pick<Engine, "submit" | "status">,
  options: SubmitOptions,
): Promise<Record<string, number>> {
  const wrong = () => {
    const message = "logit_bias must be pairs of a token id or a text and a number or false.";
    throw apiFault("invalid_request", message, "logit_bias");
  };
  if (typeof bias !== "object" || bias === null) return wrong();
  const pairs: readonly unknown[] = Array.isArray(bias) ? bias : Object.entries(bias);
  const { model } = engine.status();
  const known = model.state === "ready" ? model.info.vocabSize : Infinity;
  checkLength(pairs);
  const found: Record<string, number> = {};
  const texts = new Map<string, readonly number[]>();
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) return wrong();
    const [token, value] = pair;
    const amount = value === false ? BANNING_BIAS : value;
    if (typeof amount !== "number") return wrong();
    for (const id of await idsOf(token, texts, engine, options) ?? wrong()) {
      if (id >= known) {
        throw apiFault("unknown_token", `There is no token ${id}: the last is ${known - 1}.`, "logit_bias");
      }
      found[id] = (found[id] ?? 0) + amount;
    }
  }
  return found;
}

function checkLength(pairs: readonly unknown[]): void {
  if (pairs.length > MOST_BIASES) {
    const message = `logit_bias may have at most ${MOST_BIASES} pairs, but has ${pairs.length}.`;
    throw apiFault("invalid_request", message, "logit_bias");
  }
  const tokens = pairs.map((pair) => Array.isArray(pair) ? pair[0] : null);
  const texts = new Set(tokens.filter((token) => typeof token === "string" && !ID.test(token))).size;
  if (texts <= MOST_BIAS_TEXTS) return;
  const message =
    `logit_bias may have at most ${MOST_BIAS_TEXTS} different texts, but has ${texts}. Send token ids.`;
  throw apiFault("invalid_request", message, "logit_bias");
}

/** A token id as a text or a key. */
const ID = /^\d{1,10}$/;

/** The ids of an id or a text, null where it is neither; `texts`: those that are known. */
async function idsOf(
  token: unknown,
  texts: Map<string, readonly number[]>,
  engine: Pick<Engine, "submit">,
  options: SubmitOptions,
): Promise<readonly number[] | null> {
  const id = readTokenId(token);
  if (id !== undefined) return [id];
  if (typeof token !== "string") return null;
  if (ID.test(token)) return [Number(token)];
  const known = texts.get(token);
  if (known !== undefined) return known;
  const asked = { model_key: null, text: token, parse_special: true, add_special: false };
  const { ids } = await engine.submit("encode", asked, options);
  texts.set(token, ids);
  return ids;
}
