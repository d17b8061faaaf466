// Prompts worth trying with a small model, by topic, each with a line that says what to look for.
import type { PromptSource } from "../session/types.ts";

export interface LibraryPrompt {
  readonly source: PromptSource;
  /** A JSON schema that the text must keep to; null: none. */
  readonly schema: string | null;
  readonly why: string;
}

export interface LibraryTopic {
  readonly topic: string;
  readonly prompts: readonly LibraryPrompt[];
}

function text(prompt: string, why: string): LibraryPrompt {
  return { source: { kind: "text", text: prompt }, schema: null, why };
}

function chat(user: string, why: string, system?: string): LibraryPrompt {
  const messages = [
    ...system === undefined ? [] : [{ role: "system", content: system }],
    { role: "user", content: user },
  ];
  return { source: { kind: "chat", messages, open: true }, schema: null, why };
}

const PERSON = `{
  "type": "object",
  "properties": {
    "name": {"type": "string", "maxLength": 40},
    "born": {"type": "integer"},
    "field": {"enum": ["art", "mathematics", "music"]}
  },
  "required": ["name", "born", "field"],
  "additionalProperties": false
}`;

export const LIBRARY: readonly LibraryTopic[] = [
  {
    topic: "First steps",
    prompts: [
      text("The best thing about living by the sea is", "Many good answers"),
      text("The capital of France is", "One good answer"),
      text("Once upon a time, there was a little", "A story can go anywhere"),
    ],
  },
  {
    topic: "Certainty",
    prompts: [
      text("The sun rises in the east and sets in the", "One bar and almost no uncertainty"),
      text("Her favourite colour is", "No answer is better: many short bars"),
      text("He opened the door and saw a", "Turn the temperature from 0 to 2 and watch"),
    ],
  },
  {
    topic: "Ambiguity",
    prompts: [
      text("She went to the bank to", "Money or river?"),
      text("She sat on the bank of the river to", "One word of context decides"),
      text("The trophy did not fit in the suitcase because it was too", "Big or small: what is “it”?"),
    ],
  },
  {
    topic: "Memory",
    prompts: [
      text("To be, or not to be, that is the", "You know the next word: how sure is a small model?"),
      text("Roses are red, violets are", "Does it know the rhyme, or only colours?"),
      text("The quick brown fox jumps over the lazy", "Change one word early and look again"),
    ],
  },
  {
    topic: "Facts and guesses",
    prompts: [
      text("The first person to walk on the Moon was Neil", "A name pulls the next name with it"),
      text("The chemical symbol for gold is", "A fact that it is sure of"),
      text("The capital of Atlantis is the city of", "It never says that it does not know"),
    ],
  },
  {
    topic: "Numbers",
    prompts: [
      text("17 + 25 =", "First a space, then digits: how sure is each?"),
      text("2 + 2 = 4\n3 + 3 = 6\n4 + 4 =", "Examples in the prompt help: step twice"),
      text("2, 4, 8, 16, 32,", "Does it go on by the rule?"),
    ],
  },
  {
    topic: "Code",
    prompts: [
      text("def add(a, b):\n    return a +", "Syntax makes tokens certain"),
      text("def is_prime(n):\n", "Before the first line nearly all is open"),
      {
        ...text(
          "Ada Lovelace, mathematician, as JSON:\n",
          "With a JSON schema as constraint: only what fits can come",
        ),
        schema: PERSON,
      },
    ],
  },
  {
    topic: "Languages",
    prompts: [
      text(
        "English: cheese\nFrench: fromage\nEnglish: bread\nFrench:",
        "Translation by pattern, without being asked",
      ),
      text("Paris est la capitale de la", "Little French was read: no bar is tall"),
    ],
  },
  {
    topic: "Tokens",
    prompts: [
      text("Antidisestablishmentarianism is a", "A rare word is many tokens"),
      text("I love pizza 🍕 and", "One picture, several tokens of bytes"),
      text("He ran and ran and ran and", "Repetition feeds itself: try a penalty"),
    ],
  },
  {
    topic: "Bias",
    prompts: [
      text("The nurse said that", "Compare the pronouns"),
      text("The engineer said that", "The same sentence, other pronouns?"),
    ],
  },
  {
    topic: "Chat",
    prompts: [
      chat("What is the capital of France?", "The template is part of the text: look at its tokens"),
      chat("One line about the sea.", "Change the system message and compare", "You are a concise poet."),
      chat("Is water wet? Answer with yes or no.", "Watch “Yes” against “No” before it answers"),
    ],
  },
];

/** What a prompt says in one line, with its line breaks drawn. */
export function libraryLabel({ source }: LibraryPrompt): string {
  const words = source.kind !== "chat" ? source.text : source.messages.at(-1)?.content ?? "";
  return words.replaceAll("\n", "⏎ ").trim();
}
