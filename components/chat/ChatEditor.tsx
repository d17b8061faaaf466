/// <reference lib="dom" />
// The messages of a conversation, which the model's own template turns into text.
import { ArrowUp, Plus, TriangleAlert, X } from "../icons.ts";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Actions } from "../../lib/explorer/page/actions.ts";
import { chatView, type MessageView, roleLabel } from "../../lib/explorer/views/chat_view.ts";
import type { PromptView } from "../../lib/explorer/views/page_view.ts";
import type { JsonObject } from "../../lib/wire/token.ts";
import { ActionButton } from "../ActionButton.tsx";
import { MoreKeys } from "./MoreKeys.tsx";
import { directField } from "../direction.ts";

/** What a message contains that would be read as a special token. */
function Warning({ id, text }: { id: string; text: string }) {
  return (
    <p class="msg-warning" id={id}>
      <TriangleAlert size={14} strokeWidth={1.8} />
      <span>{text}</span>
    </p>
  );
}

interface MessageItemProps {
  readonly message: MessageView;
  readonly onRole: (role: string) => void;
  readonly onContent: (content: string) => void;
  readonly onMore: (more: JsonObject) => void;
  readonly onRemove: () => void;
}

function MessageItem({ message, onRole, onContent, onMore, onRemove }: MessageItemProps) {
  const warningId = message.warning === "" ? undefined : `${message.name.replace(" ", "-")}-warning`;
  return (
    <li class="msg">
      <select
        aria-label={`Role of ${message.name}`}
        value={message.role}
        onChange={(event) => onRole(event.currentTarget.value)}
      >
        {message.roles.map((role) => (
          <option key={role} value={role} selected={role === message.role}>{roleLabel(role)}</option>
        ))}
      </select>
      <textarea
        class="turn"
        rows={1}
        {...directField(message.content)}
        aria-label={`Text of ${message.name}`}
        aria-describedby={warningId}
        placeholder="Type a message…"
        spellcheck={false}
        value={message.content}
        onInput={(event) => onContent(event.currentTarget.value)}
      />
      <ActionButton
        class="ibtn sm"
        label={`Delete ${message.name}`}
        tip="Delete this message"
        onPress={onRemove}
      >
        <X size={15} strokeWidth={1.8} />
      </ActionButton>
      <MoreKeys message={message} onMore={onMore} />
      {warningId !== undefined && <Warning id={warningId} text={message.warning} />}
    </li>
  );
}

/** A message that was added gets the focus; after a deletion the focus stays among the messages. */
function useFocus(count: number) {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const fields = list.current?.querySelectorAll<HTMLElement>("textarea.turn");
    fields?.[Math.min(wanted.current, fields.length - 1)]?.focus();
    wanted.current = null;
  }, [count]);
  return { list, wanted };
}

interface ChatEditorProps {
  readonly prompt: PromptView;
  readonly actions: Actions;
}

/** Add, go on with the reply, and whether the assistant's turn is opened. */
function Turns({ prompt, actions, label, onAdd }: ChatEditorProps & { label: string; onAdd: () => void }) {
  const reply = prompt.reply ? "The reply becomes a message  N" : "Append tokens first: they are the reply";
  return (
    <>
      <ActionButton class="btn quiet sm" onPress={onAdd}>
        <Plus size={15} strokeWidth={1.8} />Add message
      </ActionButton>
      <ActionButton class="btn quiet sm" enabled={prompt.reply} tip={reply} onPress={actions.takeReply}>
        <ArrowUp size={15} strokeWidth={1.8} />Next turn
      </ActionButton>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={prompt.chat.open}
          onChange={(event) => actions.setOpen(event.currentTarget.checked)}
        />
        <i aria-hidden="true" />
        {label}
      </label>
    </>
  );
}

function ChatFoot(props: ChatEditorProps & { label: string; onAdd: () => void }) {
  const { prompt, actions } = props;
  const tip = prompt.enabled
    ? "Read the messages and show what could come next  Ctrl Enter"
    : "Start works as soon as a model is ready";
  return (
    <div class="chat-foot">
      <Turns {...props} />
      <div class="chat-start">
        <ActionButton
          class={prompt.primary ? "btn primary" : "btn"}
          enabled={prompt.enabled}
          tip={tip}
          onPress={actions.start}
        >
          Start
        </ActionButton>
      </div>
    </div>
  );
}

/** What the template says against the messages. */
function TemplateError({ text }: { text: string }) {
  return (
    <p class="chat-error" role="alert">
      <TriangleAlert size={15} strokeWidth={1.8} />
      <span>{text}</span>
    </p>
  );
}

/** A key for each of `count` messages, which it keeps when one before it goes: what is drawn of a message is its
 * own. */
function useKeys(count: number) {
  const { current: kept } = useRef({ keys: [] as number[], next: 0 });
  while (kept.keys.length < count) kept.keys.push(kept.next++);
  kept.keys.length = count;
  return { keys: kept.keys, without: (index: number) => void kept.keys.splice(index, 1) };
}

export function ChatEditor(props: ChatEditorProps) {
  const { prompt: { chat, templateError: error }, actions } = props;
  const view = useMemo(() => chatView(chat, null), [chat]);
  const { list, wanted } = useFocus(chat.messages.length);
  const add = () => {
    wanted.current = chat.messages.length;
    actions.addMessage();
  };
  const { keys, without } = useKeys(view.messages.length);
  const remove = (index: number) => {
    wanted.current = index;
    without(index);
    actions.removeMessage(index);
  };
  return (
    <div class="chat">
      {view.messages.length === 0
        ? <p class="msgs-empty note">No messages yet.</p>
        : (
          <ol class="msgs" ref={list} aria-label="Messages">
            {view.messages.map((message, at) => (
              <MessageItem
                key={keys[at]}
                message={message}
                onRole={(role) => actions.setRole(at, role)}
                onContent={(content) => actions.setContent(at, content)}
                onMore={(more) => actions.setMore(at, more)}
                onRemove={() => remove(at)}
              />
            ))}
          </ol>
        )}
      {error !== null && <TemplateError text={error} />}
      <ChatFoot {...props} label={view.switchLabel} onAdd={add} />
    </div>
  );
}
