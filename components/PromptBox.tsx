// The beginning of the text, as text or as a conversation, and Start.
import type { ComponentChildren } from "preact";
import type { Actions } from "../lib/explorer/page/actions.ts";
import { formatTokenCount } from "../lib/explorer/words/format.ts";
import type { PromptView } from "../lib/explorer/views/page_view.ts";
import { ActionButton } from "./ActionButton.tsx";
import { ModeSwitch } from "./chat/ModeSwitch.tsx";
import { useLazy } from "./lazy.tsx";
import { directField } from "./direction.ts";

function TextBox({ prompt, actions }: { prompt: PromptView; actions: Actions }) {
  const tip = prompt.enabled
    ? "Read the prompt and show what could come next  Ctrl Enter"
    : "Start works as soon as a model is ready";
  return (
    <div class="prompt-row">
      <textarea
        id="prompt"
        rows={2}
        {...directField(prompt.text)}
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

/** The messages, whose editor is loaded when Chat is first chosen. */
function Conversation(props: { prompt: PromptView; actions: Actions }) {
  const Editor = useLazy(true, () => import("./chat/ChatEditor.tsx").then(({ ChatEditor }) => ChatEditor));
  return Editor === null ? <p class="msgs-empty note">Loading…</p> : <Editor {...props} />;
}

/** A changed prompt can take the completion along. */
function StartKeeping({ count, onPress }: { count: number; onPress: () => void }) {
  return (
    <button type="button" class="link" data-tip="Start alone begins a new branch" onClick={onPress}>
      Start and keep the {formatTokenCount(count)} after it
    </button>
  );
}

/** Whether the bars follow what is typed; what is odd about its end; what could be kept, else what the keys do here.
 * All in one line: nothing moves while one types. */
function Foot({ live, prompt, actions, hints }: Omit<PromptBoxProps, "tools">) {
  return (
    <div class="prompt-foot note">
      <label
        class="switch"
        data-tip="The bars follow what you type, when you rest for a moment. A long prompt, and one that has gone on already, waits for Start."
      >
        <input
          type="checkbox"
          role="switch"
          checked={live}
          onChange={(event) => actions.display({ live: event.currentTarget.checked })}
        />
        <i aria-hidden="true" />Live
      </label>
      {hints}
      <span class="grow" />
      {prompt.keepable > 0 && prompt.enabled
        ? <StartKeeping count={prompt.keepable} onPress={actions.startKeeping} />
        : (
          <span class="keys-said">
            <kbd>Enter</kbd> new line, <kbd>Ctrl Enter</kbd> Start
          </span>
        )}
    </div>
  );
}

interface PromptBoxProps {
  /** The prompt is read whenever it rests. */
  readonly live: boolean;
  readonly prompt: PromptView;
  readonly actions: Actions;
  /** What is odd about the end of the text. Null: nothing. */
  readonly hints: ComponentChildren | null;
  /** Further tools in the head. */
  readonly tools: ComponentChildren;
}

export function PromptBox({ prompt, actions, live, hints, tools }: PromptBoxProps) {
  return (
    <div class="composer">
      <div class="bar">
        <h2 id="prompt-label" class="h">Prompt</h2>
        <ModeSwitch mode={prompt.mode} unavailable={prompt.chatUnavailable} onMode={actions.setMode} />
        <span class="grow" />
        {tools}
      </div>
      {prompt.mode === "text"
        ? <TextBox prompt={prompt} actions={actions} />
        : <Conversation prompt={prompt} actions={actions} />}
      <Foot live={live} prompt={prompt} actions={actions} hints={hints} />
    </div>
  );
}
