// The stages as the panel shows them: names, sliders, what they do in a sentence. A table; the formulas are in
// lib/sampling, the ranges of the number boxes those that requests are checked against.
import type { StageName } from "../../sampling/params.ts";
import { type Control, number, stage, type StageControl, whole } from "./stage_control.ts";

const ANY = 100;
const MANY = 1_000_000;

const PENALTY_WINDOW: readonly Control[] = [
  {
    kind: "choice",
    param: "penalty_scope",
    label: "Penalties count",
    tip: "Which part of the text repetition, presence and frequency look at.",
    options: [{ value: "all", label: "Prompt and new" }, { value: "completion", label: "New tokens" }],
  },
  whole("penalty_last_n", "Last tokens", [0, 256, 1], "Penalties look at that many last tokens. 0 is all.", [
    0,
    MANY,
  ]),
];

const TOP_P_RULE: Control = {
  kind: "choice",
  param: "top_p_rule",
  label: "Top-p rule",
  tip:
    "What happens to the token that crosses p: Transformers and llama.cpp keep it, the strict rule does not.",
  options: [{ value: "strict", label: "Strict" }, { value: "at_least", label: "At least p" }],
};

/** Every stage of the panel, in the default order. */
export const STAGE_CONTROLS: readonly StageControl[] = [
  stage("logit_bias", "Logit bias", null, { description: "Adds to the logits of the tokens below." }),
  stage(
    "repetition",
    "Repetition",
    number("repetition_penalty", "Repetition", [1, 2, 0.01], "Lowers tokens already in the text. 1 is off.", [
      0.01,
      ANY,
    ]),
    { common: true, extras: PENALTY_WINDOW },
  ),
  stage(
    "presence",
    "Presence",
    number(
      "presence_penalty",
      "Presence",
      [-2, 2, 0.05],
      "A flat cost for every token already in the text. 0 is off.",
      [-ANY, ANY],
    ),
  ),
  stage(
    "frequency",
    "Frequency",
    number(
      "frequency_penalty",
      "Frequency",
      [-2, 2, 0.05],
      "A cost for every time a token is already in the text. 0 is off.",
      [-ANY, ANY],
    ),
  ),
  stage(
    "dry",
    "DRY",
    number(
      "dry_multiplier",
      "DRY multiplier",
      [0, 5, 0.05],
      "Lowers tokens that would go on with a repeated passage. 0 is off.",
      [
        -ANY,
        ANY,
      ],
    ),
    {
      extras: [
        number(
          "dry_base",
          "DRY base",
          [1, 4, 0.05],
          "Each further repeated token multiplies the cost by this.",
          [0, ANY],
        ),
        whole("dry_allowed_length", "Free length", [0, 20, 1], "Repeats up to this length cost nothing.", [
          0,
          MANY,
        ]),
        whole("dry_last_n", "Last tokens", [0, 1024, 1], "DRY looks at that many last tokens. 0 is all.", [
          0,
          MANY,
        ]),
      ],
    },
  ),
  stage(
    "temperature",
    "Temperature",
    number(
      "temperature",
      "Temperature",
      [0, 2, 0.05],
      "Divides the logits. Below 1 sharpens the bars, above 1 flattens them, 0 always takes the first.",
      [0, ANY],
    ),
    {
      common: true,
      extras: [
        number(
          "dynatemp_range",
          "Dynamic range",
          [0, 2, 0.05],
          "Temperature moves this far around its value: low where the model is sure, high where it is not. 0 is off.",
          [0, ANY],
        ),
        number(
          "dynatemp_exponent",
          "Exponent",
          [0.1, 4, 0.1],
          "How dynamic temperature follows the entropy.",
          [0, ANY],
        ),
      ],
    },
  ),
  stage("constraint", "Constraint", null, {
    description: "Blocks tokens that would break the rule. It cannot be left out.",
  }),
  stage(
    "top_k",
    "Top-k",
    whole("top_k", "Top-k", [0, 100, 1], "Keeps the k most probable tokens. 0 is off.", [0, MANY]),
    { common: true },
  ),
  stage(
    "top_p",
    "Top-p",
    number(
      "top_p",
      "Top-p",
      [0, 1, 0.01],
      "Keeps the smallest set of tokens whose probabilities add up to p. 1 is off.",
    ),
    { common: true, extras: [TOP_P_RULE] },
  ),
  stage(
    "min_p",
    "Min-p",
    number(
      "min_p",
      "Min-p",
      [0, 0.5, 0.01],
      "Removes tokens less probable than this share of the first bar. 0 is off.",
      [0, 1],
    ),
    { common: true },
  ),
  stage(
    "typical_p",
    "Typical-p",
    number(
      "typical_p",
      "Typical-p",
      [0, 1, 0.01],
      "Keeps tokens whose surprise is close to the entropy. 1 is off.",
    ),
    { common: true },
  ),
  stage(
    "epsilon",
    "Epsilon",
    number(
      "epsilon_cutoff",
      "Epsilon",
      [0, 0.02, 0.0005],
      "Removes tokens less probable than this. 0 is off.",
      [0, 1],
    ),
  ),
  stage(
    "eta",
    "Eta",
    number(
      "eta_cutoff",
      "Eta",
      [0, 0.02, 0.0005],
      "As epsilon, with a lower limit where the choice is open. 0 is off.",
      [0, 1],
    ),
  ),
  stage(
    "top_n_sigma",
    "Top-nσ",
    number(
      "top_n_sigma",
      "Top-nσ",
      [0, 5, 0.1],
      "Keeps tokens whose logit is within n standard deviations of the largest. 0 is off.",
      [0, 1000],
    ),
  ),
  stage(
    "top_h",
    "Top-H",
    number(
      "top_h",
      "Top-H",
      [0, 1, 0.01],
      "Keeps first tokens up to this share of the entropy. 0 is off.",
    ),
  ),
  stage(
    "xtc",
    "XTC",
    number(
      "xtc_probability",
      "XTC probability",
      [0, 1, 0.05],
      "How often the most probable choices are left out, down to the last above the threshold. 0 is off.",
    ),
    {
      extras: [
        number(
          "xtc_threshold",
          "XTC threshold",
          [0, 0.5, 0.01],
          "What counts as a probable choice. Above 0.5 is off.",
          [
            0,
            1,
          ],
        ),
      ],
    },
  ),
  stage(
    "mirostat",
    "Mirostat",
    number(
      "mirostat_tau",
      "Mirostat τ",
      [0, 10, 0.1],
      "Steers the surprise towards τ bits, step by step. 0 is off.",
      [
        0,
        1000,
      ],
    ),
    {
      extras: [
        number(
          "mirostat_eta",
          "Learning rate",
          [0, 1, 0.01],
          "How fast mirostat corrects itself after a token.",
          [
            0,
            1000,
          ],
        ),
      ],
    },
  ),
];

const BY_STAGE = new Map<string, StageControl>(STAGE_CONTROLS.map((control) => [control.stage, control]));

/** The control of a stage; dynamic temperature is the temperature's. */
export function stageControl(name: StageName): StageControl | undefined {
  return BY_STAGE.get(name === "dynatemp" ? "temperature" : name);
}

/** How a stage is called: "Top-p". */
export function stageLabel(name: StageName): string {
  if (name === "dynatemp") return "Dynamic temperature";
  return name === "greedy" ? "Greedy" : stageControl(name)?.label ?? name;
}
