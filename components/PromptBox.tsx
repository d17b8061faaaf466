// The beginning of the text, as text or as a conversation, and Start.
import { TriangleAlert } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { Actions } from "../lib/explorer/actions.ts";
import { tokens } from "../lib/explorer/format.ts";
import type { PromptView } from "../lib/explorer/page_view.ts";
import { ActionButton } from "./ActionButton.tsx";
import { ChatEditor } from "./chat/ChatEditor.tsx";
import { ModeSwitch } from "./chat/ModeSwitch.tsx";

function BoundaryChip({ onPress }: { onPress: () => void }) {
  return (
    <button type="button" class="chip warn" onClick={onPress}>
      <TriangleAlert size={15} strokeWidth={1.8} />
      <span>Ends with a space: the next token is unusual.</span>
      <b>Remove it</b>
    </button>
  );
}

function TextBox({ prompt, actions }: { prompt: PromptView; actions: Actions }) {
  const tip = prompt.enabled
    ? "Read the prompt and show what could come next  Ctrl Enter"
    : "Start works as soon as a model is ready";
  return (
    <div class="prompt-row">
      <textarea
        id="prompt"
        rows={2}
        aria-labelledby="prompt-label"
        placeholder="Type the beginning of a text…"
        spellcheck={false}
        value={prompt.text}
        onInput={(event) => actions.editText(event.currentTarget.value)}
      />
      <ActionButton
        id="start"
        class={prompt.primary ? "btn primary" : "btn"}
        enabled={prompt.enabled}
        tip={tip}
        onPress={actions.start}
      >
        Start
      </ActionButton>
    </div>
  );
}

/** A changed prompt can take the completion along. */
function Keep({ count, onPress }: { count: number; onPress: () => void }) {
  return (
    <p class="keep note">
      Start begins a new branch.{" "}
      <button type="button" class="link" onClick={onPress}>
        Start and keep the {tokens(count)} after it
      </button>
    </p>
  );
}

interface PromptBoxProps {
  readonly prompt: PromptView;
  readonly actions: Actions;
  /** Further tools in the head: examples, hints. */
  readonly tools?: ComponentChildren;
}

export function PromptBox({ prompt, actions, tools }: PromptBoxProps) {
  return (
    <div class="composer">
      <div class="bar">
        <h2 id="prompt-label" class="h">Prompt</h2>
        <ModeSwitch mode={prompt.mode} unavailable={prompt.chatUnavailable} onMode={actions.setMode} />
        <span class="grow" />
        {prompt.endsWithSpace && <BoundaryChip onPress={actions.removeSpaces} />}
        {tools}
      </div>
      {prompt.mode === "text" ? <TextBox prompt={prompt} actions={actions} /> : (
        <ChatEditor
          chat={prompt.chat}
          template={null}
          error={prompt.templateError}
          start={prompt}
          onRole={actions.setRole}
          onContent={actions.setContent}
          onRemove={actions.removeMessage}
          onAdd={actions.addMessage}
          onOpen={actions.setOpen}
          onStart={actions.start}
        />
      )}
      {prompt.keepable > 0 && prompt.enabled && (
        <Keep count={prompt.keepable} onPress={actions.startKeeping} />
      )}
    </div>
  );
}
