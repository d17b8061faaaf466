/// <reference lib="dom" />
// The other keys of a turn: what the model thought, the tools it calls, names. Texts as text, the rest as JSON.
import { findOwn } from "../../lib/basics/find_own.ts";
import { useState } from "preact/hooks";
import {
  keyLabel,
  type MessageView,
  parseKey,
  TURN_KEYS,
  writeKey,
} from "../../lib/explorer/views/chat_view.ts";
import type { JsonObject } from "../../lib/wire/token.ts";
import { directField } from "../direction.ts";

interface MoreKeysProps {
  readonly message: MessageView;
  readonly onMore: (more: JsonObject) => void;
}

interface KeyFieldProps {
  readonly of: string;
  readonly name: string;
  readonly value: unknown;
  readonly onValue: (value: unknown) => void;
  readonly onRemove: () => void;
}

/** One key. What is no JSON stays in the field, marked, and is not sent. */
function KeyField({ of, name, value, onValue, onRemove }: KeyFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState("");
  const onInput = (text: string) => {
    const parsed = parseKey(name, text);
    setTyped(text);
    setRefused("refused" in parsed ? parsed.refused : "");
    if ("value" in parsed) onValue(parsed.value);
  };
  const label = keyLabel(name);
  const shown = typed ?? writeKey(value);
  return (
    <div class="msg-key">
      <span class="note">{label}</span>
      <textarea
        rows={1}
        {...directField(shown)}
        aria-label={`${label} of ${of}`}
        aria-invalid={refused === "" ? undefined : true}
        spellcheck={false}
        value={shown}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={() => refused === "" && setTyped(null)}
      />
      <button
        type="button"
        class="btn quiet sm"
        aria-label={`Remove from ${of}: ${label}`}
        onClick={onRemove}
      >
        Remove
      </button>
      {refused !== "" && <p class="msg-refused" role="alert">{refused}</p>}
    </div>
  );
}

export function MoreKeys({ message: { name: of, role, more, parts }, onMore }: MoreKeysProps) {
  const missing = (findOwn(TURN_KEYS, role) ?? []).filter((key) => !Object.hasOwn(more, key));
  const names = Object.keys(more);
  const without = (key: string) => Object.fromEntries(Object.entries(more).filter(([name]) => name !== key));
  if (names.length + missing.length + parts.length === 0) return null;
  return (
    <div class="msg-more">
      {names.map((key) => (
        <KeyField
          key={key}
          {...{ of, name: key, value: more[key] }}
          onValue={(value) => onMore({ ...more, [key]: value })}
          onRemove={() => onMore(without(key))}
        />
      ))}
      <p class="msg-parts">
        {parts.map((part) => <span key={part} class="chip">{part}</span>)}
        {missing.map((key) => (
          <button
            key={key}
            type="button"
            class="link"
            aria-label={`Add ${keyLabel(key)} to ${of}`}
            onClick={() => onMore({ ...more, [key]: key === "tool_calls" ? [] : "" })}
          >
            + {keyLabel(key)}
          </button>
        ))}
      </p>
    </div>
  );
}
