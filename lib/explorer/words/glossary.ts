// The page's glossary: what each of its words is called in the field, and what it means, in sentences with the present
// numbers in them. The page itself says the plain word; this is loaded for the first tooltip that asks.
import { PARAMETERS } from "../../sampling/params.ts";
import { formatCount, formatPercent, formatTokenCount, measure, settingText, weightsText } from "./format.ts";
import { createEntry, drawsText, type Entry, type TermNumbers } from "./glossary_entry.ts";

const GLOSSARY = {
  // The top bar
  model: {
    name: "Model",
    says: ({ modelName, variant }) => [
      modelName !== undefined && `${modelName}${variant === undefined ? "" : `, file ${variant}`}.`,
      variant !== undefined && WEIGHTS[weightsText(variant)],
      "Press to choose another model.",
      "NEXTTOKEN_MODEL names the one that the server starts with: a Hugging Face id or a folder.",
    ],
  },
  predictions: createEntry("The model on or off", "Off: nothing is asked and no bars are shown."),

  // The summary under the bars
  entropy: {
    name: "Entropy",
    says: ({ entropyBits: bits, effectiveChoices: choices }) => [
      "How open the choice is. 0 bits: one token is certain.",
      bits !== undefined && choices !== undefined &&
      `${measure(bits)} bits now: like a fair draw among ${measure(choices)}.`,
    ],
  },
  effective_choices: {
    name: "Effective choices",
    says: ({ effectiveChoices: choices, kept }) => [
      "As uncertain as a fair draw among this many tokens: 2 to the power of the entropy.",
      choices !== undefined && kept !== undefined &&
      `${measure(choices)} of ${formatTokenCount(kept)} that can come.`,
    ],
  },
  mass_90: {
    name: "90 % of mass",
    says: ({ mass90 }) => [
      mass90 === undefined
        ? "The smallest number of tokens that hold 90 % of the probability."
        : mass90 === 1
        ? "One token alone holds 90 % of the probability."
        : `The ${
          formatTokenCount(mass90)
        } at the top hold 90 % of the probability, all others together 10 %.`,
    ],
  },
  top_p_set: {
    name: "Top-p set (nucleus)",
    says: ({ kept, vocabulary, sumRemoved: removedMass, params }) => [
      params !== undefined && kept !== undefined
        ? `Top-p ${params.top_p} and the other cuts leave ${formatTokenCount(kept)}${
          vocabulary === undefined ? "" : ` of ${formatCount(vocabulary)}`
        }.`
        : "The tokens that the cuts leave.",
      removedMass !== undefined &&
      `What they removed had ${formatPercent(removedMass)} % of the probability.`,
    ],
  },
  end_of_text: {
    name: "End-of-sequence token (EOS)",
    says: ({ eosP }) => [
      "The probability that the model ends its text here.",
      eosP !== undefined && eosP > 0 && `${formatPercent(eosP)} %: about once in ${drawsText(eosP)} draws.`,
    ],
  },

  // Settings
  temperature: {
    name: "temperature",
    says: ({ params, firstP }) => [
      PARAMETERS.temperature.about,
      params !== undefined && firstP !== undefined &&
      `At ${settingText(params.temperature)} the first bar has ${formatPercent(firstP)} %.`,
    ],
  },
  top_k: {
    name: "top_k",
    says: ({ params, kept }) => [
      PARAMETERS.top_k.about,
      params !== undefined && params.top_k > 0 && kept !== undefined &&
      `${formatTokenCount(kept)} can come now.`,
    ],
  },
  top_p: {
    name: "top_p, nucleus sampling",
    says: ({ params, kept }) => [
      PARAMETERS.top_p.about,
      params !== undefined && params.top_p < 1 && kept !== undefined &&
      `At ${settingText(params.top_p)} that is ${formatTokenCount(kept)} now.`,
    ],
  },
  min_p: {
    name: "min_p",
    says: ({ params, firstP }) => [
      PARAMETERS.min_p.about,
      params !== undefined && params.min_p > 0 && firstP !== undefined &&
      `The limit is about ${formatPercent(params.min_p * firstP)} % now.`,
    ],
  },

  // The text and the bars
  heat: createEntry(
    "Heat map  H",
    "Colours each token by what the model thought of it: its probability, its surprise, or how uncertain the model was before it.",
  ),
  axis: createEntry(
    "Axis  L",
    "Powers of ten (logarithmic) show small probabilities too: each line is ten times the one before.",
  ),
  raw: createEntry("Raw probability", "As the model gives it, before temperature and all other settings."),
  final: createEntry("Final probability", "Behind all settings: what is drawn from."),
  softmax_output: createEntry(
    "Softmax of the logits",
    "The model scores every token; e to the power of the score, divided by the sum over all tokens, is its probability. The bits are the entropy: how open the choice is.",
  ),
  logit: createEntry(
    "Logit",
    "The model's score of a token. e to the power of it, divided by the sum over all tokens, is the raw probability (softmax).",
  ),
  log_probability: createEntry(
    "Log-probability, in nats",
    "The natural logarithm of a probability. 0 is certain; each 0.69 less halves it. Those of a text's tokens add up.",
  ),
  tokenisation: createEntry(
    "Tokenisation",
    "The tokenizer cuts this text in another way. The model has rarely seen it cut like this, so its probabilities are odd.",
  ),
  leading_space: createEntry(
    "Token boundary",
    "Most tokens begin with the space before their word. A prompt that ends with one leaves only tokens without it.",
  ),
  open_character: createEntry(
    "Byte-level tokens",
    "Some characters take several tokens. Until the last one is there, the text holds only a part of the character.",
  ),
  odd_signs: createEntry(
    "Unusual characters",
    "They look like others, but are cut into other, rarer tokens.",
  ),
  chat_template: createEntry(
    "Chat template",
    "The marks that a model was trained with around each message. With them it answers, without them it goes on writing.",
  ),

  // More controls
  sampling: createEntry("Sampling", "How a token is drawn from the model's probabilities, stage by stage."),
  constraint: createEntry(
    "Constrained decoding",
    "A rule for the text: tokens that would break it are removed.",
  ),
  attribution: createEntry(
    "Attribution",
    "Which tokens of the text made the next one likely, by several methods.",
  ),
  branches: createEntry("Branches", "Every path that was taken, side by side; and a look ahead."),
  study: createEntry("Study", "Scores of the whole text, two models or prompts compared, lists of prompts."),
  class: createEntry(
    "Class",
    "For teachers: a hundred draws, guesses first, the way from logits to probabilities.",
  ),
  sessions: createEntry("Sessions", "A new page, and those that were kept."),
  regex: createEntry("Regular expression", "A pattern of characters that the whole text has to match."),
  grammar: createEntry(
    "Context-free grammar (GBNF or Lark)",
    "Rules that say how the text is built from parts.",
  ),
  json_schema: createEntry("JSON schema", "The text is JSON with these members, types and limits."),
  choices: createEntry("Choices", "The text is one of these, and nothing else."),
  bits_per_token: createEntry(
    "Surprisal per token",
    "The mean surprise of each token in bits: longer texts are not punished. 1 bit is a coin, 10 bits one in 1,024.",
  ),
  pmi: createEntry(
    "Pointwise mutual information (PMI)",
    "How much the prompt speaks for the choice, in bits: above 0 it is more likely behind this prompt than by itself.",
  ),
  mask: createEntry(
    "Token mask, Kullback–Leibler divergence (KL)",
    "The tokens that the rule removes here, and their share. The bits say how far what is left is from the model's own bars: 0 changes nothing.",
  ),
  automaton: createEntry(
    "Finite automaton",
    "The pattern as a map: each sign leads along an arrow to the next state. In a double circle the text may end.",
  ),

  // Paths
  path_tokens: createEntry("Tokens", "Of the prompt, and what was appended to it."),
  path_probability: createEntry(
    "Path probability",
    "That the model goes on with exactly these tokens: the probabilities of all of them multiplied.",
  ),
  divergence: createEntry(
    "Kullback–Leibler divergence (KL)",
    "How far apart two distributions are, in bits. 0: they are the same, only the draw differed.",
    "Known from the listed tokens, so the true value is at least this. A ‖ B: how surprised B is by what A expects.",
  ),
  divergence_after: createEntry(
    "Kullback–Leibler divergence (KL)",
    "How far apart the model's expectations are behind the two tokens, in bits: how much the choice matters.",
  ),
  look_ahead_depth: createEntry("Depth", "How many tokens each way goes on at most."),
  look_ahead_mass: createEntry(
    "Explored probability mass",
    "It goes on until the ways that were found hold this share of the probability.",
  ),
  look_ahead_budget: createEntry(
    "Budget",
    "How often the model may be asked. Each time it says what follows one way.",
  ),
  least: createEntry("Lower bound", "Of all ways that were found: exact, and only more can be found."),
  most: createEntry("Upper bound", "If all that is unexplored belonged to it."),

  // Attribution
  contrast: createEntry(
    "Contrastive explanation",
    "What made A more likely than this token, instead of what made A likely at all.",
  ),
  segments: createEntry("Segments", "Scores of tokens are added up over words, sentences or messages."),
  occlusion: createEntry(
    "Occlusion",
    "Deleted: the text without it. Embedding zero: a token without meaning. Value vectors zero: nobody can read it.",
  ),
  integration_steps: createEntry(
    "Integration steps",
    "The gradient is averaged over so many texts between the baseline and this one; more are more exact.",
  ),
  baseline: createEntry("Baseline", "What the text is compared with: a text that says nothing."),
  signing: createEntry(
    "L2 norm or signed product",
    "Length: how strong, without direction. Signed: for or against the token.",
  ),
  layer: createEntry("Layer", "The model reads the text in layers, one behind the other."),
  faithfulness: createEntry(
    "Area between the deletion curves, in nats",
    "How much more it hurts to remove the highest tokens first than the lowest first. A picture that is no better than chance has about 0.",
  ),
  chance: createEntry("Chance", "How far from 0 random orders of the tokens come on this text."),
  kendall: createEntry(
    "Kendall's τ",
    "1: both methods rank the tokens alike, 0: no relation, −1: the opposite order.",
  ),

  // Study and class
  perplexity: createEntry(
    "Perplexity",
    "As hard to foretell as a fair draw among this many tokens at each place: e to the power of the mean surprise in nats.",
  ),
  surprise: createEntry(
    "Surprisal",
    "−log₂ of a token's probability, in bits: 0 was certain, 1 a coin, 10 one in 1,024.",
  ),
  lockstep: createEntry("Lockstep", "Two readings of the same tokens, position by position."),
  spread: createEntry("Standard deviation", "√(100 · p · (1 − p)): two draws in three are this near."),
  scaled_logit: createEntry("Scaled logit", "The score less the highest one, divided by the temperature."),
  exponential: createEntry("Exponential", "e to the power of it: every score becomes a number above 0."),
  softmax: createEntry("Softmax", "Its share of the sum over all tokens: the probability."),
} as const satisfies Readonly<Record<string, Entry>>;

export type Term = keyof typeof GLOSSARY;

export const TERMS = Object.keys(GLOSSARY) as readonly Term[];

/** What the weights of a file mean, by what the page calls them. */
const WEIGHTS: Readonly<Record<string, string>> = {
  "2-bit": "Its weights are rounded to 2 bits each: very small, and clearly less exact than the original.",
  "4-bit": "Its weights are rounded to 4 bits each: small and quick, a little less exact than the original.",
  "8-bit": "Its weights are rounded to 8 bits each: nearly as exact as the original.",
  "16-bit": "Its weights have 16 bits each, as most models are published.",
  "32-bit": "Its weights have 32 bits each, as they are computed with.",
};

export interface Explanation {
  readonly name: string;
  readonly text: string;
}

/** What a word of the page is called and means, with those present numbers that are known. */
export function explain(term: Term, numbers: TermNumbers = {}): Explanation {
  const { name, says }: Entry = GLOSSARY[term];
  return { name, text: says(numbers).filter((sentence) => sentence).join(" ") };
}
