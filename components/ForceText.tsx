// Appends any text, token by token. While it is typed its tokens are counted.
import type { Token } from "../lib/wire/token.ts";
import type { ForcedText } from "../lib/explorer/asking/forced_text.ts";
import { formatTokenCount as countOf } from "../lib/explorer/words/format.ts";
import { renderToken } from "../lib/explorer/words/appearance.ts";
import { ActionButton } from "./ActionButton.tsx";
import { TokenText } from "./TokenText.tsx";
import { directField } from "./direction.ts";

const SHOWN = 12;

interface ForceTextProps {
  readonly store: ForcedText;
  readonly enabled: boolean;
  readonly onForce: (text: string) => void;
}

function Tokens({ tokens }: { tokens: readonly Token[] }) {
  return (
    <p class="force-tokens">
      <span class="note num">{countOf(tokens.length)}</span>
      {tokens.slice(0, SHOWN).map((token, at) => (
        <span key={at} class="force-token" aria-hidden="true">
          <TokenText rendering={renderToken(token)} />
        </span>
      ))}
      {tokens.length > SHOWN && <span aria-hidden="true">…</span>}
    </p>
  );
}

interface FieldProps {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onSubmit: (event: Event) => void;
}

function Field({ text, onType, onSubmit }: FieldProps) {
  return (
    <textarea
      class="field"
      id="force"
      rows={1}
      {...directField(text)}
      spellcheck={false}
      placeholder="Force text… (Enter)"
      data-tip="Enter appends it, Shift Enter writes a new line"
      value={text}
      onInput={(event) => onType(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.shiftKey) onSubmit(event);
      }}
    />
  );
}

export function ForceText({ store, enabled, onForce }: ForceTextProps) {
  const [text, tokens] = [store.text.value, store.tokens.value];
  const submit = (event: Event) => {
    event.preventDefault();
    if (text === "" || !enabled) return;
    onForce(text);
    store.type("");
  };
  return (
    <form class="force" onSubmit={submit}>
      <label class="sr" for="force">
        Force text: appended as it is, with a space in front where you want one
      </label>
      <Field text={text} onType={store.type} onSubmit={submit} />
      <ActionButton
        class="btn"
        type="submit"
        enabled={enabled && text !== ""}
        tip={enabled
          ? "Append these tokens, whatever their probability  Enter"
          : "There is nothing to append to"}
      >
        Append
      </ActionButton>
      {text !== "" && tokens.length > 0 && <Tokens tokens={tokens} />}
    </form>
  );
}
