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

function createTextPrompt(prompt: string, why: string): LibraryPrompt {
  return { source: { kind: "text", text: prompt }, schema: null, why };
}

function createChatPrompt(user: string, why: string, system?: string): LibraryPrompt {
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
      createTextPrompt("The best thing about living by the sea is", "Many good answers"),
      createTextPrompt("The capital of France is", "One good answer"),
      createTextPrompt("Once upon a time, there was a little", "A story can go anywhere"),
    ],
  },
  {
    topic: "Certainty",
    prompts: [
      createTextPrompt("The sun rises in the east and sets in the", "One bar and almost no uncertainty"),
      createTextPrompt("Her favourite colour is", "No answer is better: many short bars"),
      createTextPrompt("He opened the door and saw a", "Turn the temperature from 0 to 2 and watch"),
    ],
  },
  {
    topic: "Ambiguity",
    prompts: [
      createTextPrompt("She went to the bank to", "Money or river?"),
      createTextPrompt("She sat on the bank of the river to", "One word of context decides"),
      createTextPrompt(
        "The trophy did not fit in the suitcase because it was too",
        "Big or small: what is “it”?",
      ),
    ],
  },
  {
    topic: "Memory",
    prompts: [
      createTextPrompt(
        "To be, or not to be, that is the",
        "You know the next word: how sure is a small model?",
      ),
      createTextPrompt("Roses are red, violets are", "Does it know the rhyme, or only colours?"),
      createTextPrompt("The quick brown fox jumps over the lazy", "Change one word early and look again"),
    ],
  },
  {
    topic: "Facts and guesses",
    prompts: [
      createTextPrompt("The first person to walk on the Moon was Neil", "A name pulls the next name with it"),
      createTextPrompt("The chemical symbol for gold is", "A fact that it is sure of"),
      createTextPrompt("The capital of Atlantis is the city of", "It never says that it does not know"),
    ],
  },
  {
    topic: "Numbers",
    prompts: [
      createTextPrompt("17 + 25 =", "First a space, then digits: how sure is each?"),
      createTextPrompt("2 + 2 = 4\n3 + 3 = 6\n4 + 4 =", "Examples in the prompt help: step twice"),
      createTextPrompt("2, 4, 8, 16, 32,", "Does it go on by the rule?"),
    ],
  },
  {
    topic: "Code",
    prompts: [
      createTextPrompt("def add(a, b):\n    return a +", "Syntax makes tokens certain"),
      createTextPrompt("def is_prime(n):\n", "Before the first line nearly all is open"),
      {
        ...createTextPrompt(
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
      createTextPrompt(
        "English: cheese\nFrench: fromage\nEnglish: bread\nFrench:",
        "Translation by pattern, without being asked",
      ),
      createTextPrompt("Paris est la capitale de la", "Little French was read: no bar is tall"),
    ],
  },
  {
    topic: "Tokens",
    prompts: [
      createTextPrompt("Antidisestablishmentarianism is a", "A rare word is many tokens"),
      createTextPrompt("I love pizza 🍕 and", "One picture, several tokens of bytes"),
      createTextPrompt("He ran and ran and ran and", "Repetition feeds itself: try a penalty"),
    ],
  },
  {
    topic: "Bias",
    prompts: [
      createTextPrompt("The nurse said that", "Compare the pronouns"),
      createTextPrompt("The engineer said that", "The same sentence, other pronouns?"),
    ],
  },
  {
    topic: "Chat",
    prompts: [
      createChatPrompt(
        "What is the capital of France?",
        "The template is part of the text: look at its tokens",
      ),
      createChatPrompt(
        "One line about the sea.",
        "Change the system message and compare",
        "You are a concise poet.",
      ),
      createChatPrompt("Is water wet? Answer with yes or no.", "Watch “Yes” against “No” before it answers"),
    ],
  },
];

/** What a prompt says in one line, with its line breaks drawn. */
export function libraryLabel({ source }: LibraryPrompt): string {
  const words = source.kind !== "chat" ? source.text : source.messages.at(-1)?.content ?? "";
  return words.replaceAll("\n", "⏎ ").trim();
}
