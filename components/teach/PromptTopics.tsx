// The example prompts by topic, loaded when they are opened.
import { LIBRARY, libraryLabel, type LibraryPrompt } from "../../lib/explorer/teach/library.ts";

interface PromptTopicsProps {
  /** Prompts for a chat can be used. */
  readonly hasChat: boolean;
  readonly onChoose: (prompt: LibraryPrompt) => void;
}

export function PromptTopics({ hasChat, onChoose }: PromptTopicsProps) {
  const topics = LIBRARY.map(({ topic, prompts }) => ({
    topic,
    prompts: prompts.filter(({ source }) => hasChat || source.kind === "text"),
  })).filter(({ prompts }) => prompts.length > 0);
  return (
    <>
      {topics.map(({ topic, prompts }) => (
        <section key={topic} aria-label={topic}>
          <h3>{topic}</h3>
          <div>
            {prompts.map((prompt) => (
              <button
                key={libraryLabel(prompt)}
                type="button"
                onClick={() => onChoose(prompt)}
              >
                {libraryLabel(prompt)}
                <small>{prompt.why}</small>
              </button>
            ))}
          </div>
        </section>
      ))}
    </>
  );
}
