// The beginning of the text, and Start.
import { TriangleAlert } from "lucide-preact";
import type { PromptView } from "../lib/explorer/view.ts";
import { ActionButton } from "./ActionButton.tsx";

interface PromptBoxProps {
  readonly prompt: PromptView;
  readonly onEdit: (draft: string) => void;
  readonly onStart: () => void;
  readonly onRemoveSpaces: () => void;
}

function BoundaryChip({ onPress }: { onPress: () => void }) {
  return (
    <button type="button" class="chip warn" onClick={onPress}>
      <TriangleAlert size={15} strokeWidth={1.8} />
      <span>Ends with a space: the next token is unusual.</span>
      <b>Remove it</b>
    </button>
  );
}

export function PromptBox({ prompt, onEdit, onStart, onRemoveSpaces }: PromptBoxProps) {
  const tip = prompt.enabled
    ? "Read the prompt and show what could come next  Ctrl Enter"
    : "Start works as soon as a model is ready";
  return (
    <div class="composer">
      <div class="bar">
        <h2 id="prompt-label" class="h">Prompt</h2>
        <span class="grow" />
        {prompt.endsWithSpace && <BoundaryChip onPress={onRemoveSpaces} />}
      </div>
      <div class="prompt-row">
        <textarea
          id="prompt"
          rows={2}
          aria-labelledby="prompt-label"
          placeholder="Type the beginning of a text…"
          spellcheck={false}
          value={prompt.draft}
          onInput={(event) => onEdit(event.currentTarget.value)}
        />
        <ActionButton
          id="start"
          class={prompt.primary ? "btn primary" : "btn"}
          enabled={prompt.enabled}
          tip={tip}
          onPress={onStart}
        >
          Start
        </ActionButton>
      </div>
    </div>
  );
}
