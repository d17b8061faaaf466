/// <reference lib="dom" />
// The messages of a conversation, which the model's own template turns into text.
import { Plus, TriangleAlert, X } from "../icons.ts";
import { useEffect, useRef } from "preact/hooks";
import { type ChatView, type MessageView, roleLabel } from "../../lib/explorer/session/chat_model.ts";
import { ActionButton } from "../ActionButton.tsx";

interface MessageItemProps {
  readonly message: MessageView;
  readonly onRole: (role: string) => void;
  readonly onContent: (content: string) => void;
  readonly onRemove: () => void;
}

function MessageItem({ message, onRole, onContent, onRemove }: MessageItemProps) {
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
        rows={1}
        dir="auto"
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
      {warningId !== undefined && (
        <p class="msg-warning" id={warningId}>
          <TriangleAlert size={14} strokeWidth={1.8} />
          <span>{message.warning}</span>
        </p>
      )}
    </li>
  );
}

/** A message that was added gets the focus; after a deletion the focus stays among the messages. */
function useFocus(count: number) {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const fields = list.current?.querySelectorAll("textarea");
    fields?.[Math.min(wanted.current, fields.length - 1)]?.focus();
    wanted.current = null;
  }, [count]);
  return { list, wanted };
}

interface ChatEditorProps {
  readonly chat: ChatView;
  /** "ChatML, from the model"; null: the template has no name. */
  readonly template: string | null;
  /** What the template says against these messages, as a sentence. */
  readonly error: string | null;
  readonly start: { readonly enabled: boolean; readonly primary: boolean };
  readonly onRole: (index: number, role: string) => void;
  readonly onContent: (index: number, content: string) => void;
  readonly onRemove: (index: number) => void;
  readonly onAdd: () => void;
  readonly onOpen: (open: boolean) => void;
  readonly onStart: () => void;
}

function ChatFoot(props: ChatEditorProps) {
  const { chat, template, start } = props;
  const tip = start.enabled
    ? "Read the messages and show what could come next  Ctrl Enter"
    : "Start works as soon as a model is ready";
  return (
    <div class="chat-foot">
      <ActionButton class="btn quiet sm" onPress={props.onAdd}>
        <Plus size={15} strokeWidth={1.8} />Add message
      </ActionButton>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={chat.open}
          onChange={(event) => props.onOpen(event.currentTarget.checked)}
        />
        <i aria-hidden="true" />
        {chat.switchLabel}
      </label>
      <div class="chat-start">
        <span class="note">
          {template === null ? "Template: the model's own" : `Template: ${template}`}
        </span>
        <ActionButton
          class={start.primary ? "btn primary" : "btn"}
          enabled={start.enabled}
          tip={tip}
          onPress={props.onStart}
        >
          Start
        </ActionButton>
      </div>
    </div>
  );
}

export function ChatEditor(props: ChatEditorProps) {
  const { chat, error } = props;
  const { list, wanted } = useFocus(chat.messages.length);
  const add = () => {
    wanted.current = chat.messages.length;
    props.onAdd();
  };
  const remove = (index: number) => {
    wanted.current = index;
    props.onRemove(index);
  };
  return (
    <div class="chat">
      {chat.messages.length === 0
        ? <p class="msgs-empty note">No messages yet.</p>
        : (
          <ol class="msgs" ref={list} aria-label="Messages">
            {chat.messages.map((message, at) => (
              <MessageItem
                key={at}
                message={message}
                onRole={(role) => props.onRole(at, role)}
                onContent={(content) => props.onContent(at, content)}
                onRemove={() => remove(at)}
              />
            ))}
          </ol>
        )}
      {error !== null && (
        <p class="chat-error" role="alert">
          <TriangleAlert size={15} strokeWidth={1.8} />
          <span>{error}</span>
        </p>
      )}
      <ChatFoot {...props} onAdd={add} />
    </div>
  );
}
