/// <reference lib="dom" />
// Appends any text, token by token. While it is typed its tokens are counted.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Token } from "../lib/wire/token.ts";
import { tokens as countOf } from "../lib/explorer/words/format.ts";
import { lookOf } from "../lib/explorer/words/appearance.ts";
import { ActionButton } from "./ActionButton.tsx";
import { TokenText } from "./TokenText.tsx";

const SHOWN = 12;

interface ForceTextProps {
  readonly enabled: boolean;
  readonly onForce: (text: string) => void;
  /** The tokens of a text; null where nobody can say. */
  readonly tokenize: (text: string, signal: AbortSignal) => Promise<readonly Token[] | null>;
}

export function ForceText({ enabled, onForce, tokenize }: ForceTextProps) {
  const [text, setText] = useState("");
  const [pills, setPills] = useState<readonly Token[]>([]);
  const asking = useRef<AbortController | null>(null);
  useEffect(() => () => asking.current?.abort(), []);
  const onInput = (typed: string) => {
    setText(typed);
    asking.current?.abort();
    const controller = asking.current = new AbortController();
    if (typed === "") return setPills([]);
    void tokenize(typed, controller.signal).then((found) => {
      if (!controller.signal.aborted && found !== null) setPills(found);
    });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (text === "" || !enabled) return;
    onForce(text);
    onInput("");
  };
  return (
    <form class="force" onSubmit={submit}>
      <label class="sr" for="force">
        Force text: appended as it is, with a space in front where you want one
      </label>
      <input
        class="field"
        id="force"
        autocomplete="off"
        spellcheck={false}
        placeholder="Force text…"
        value={text}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
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
      {text !== "" && pills.length > 0 && (
        <p class="force-tokens">
          <span class="note num">{countOf(pills.length)}</span>
          {pills.slice(0, SHOWN).map((pill, at) => (
            <span key={at} class="force-token" aria-hidden="true">
              <TokenText look={lookOf(pill)} />
            </span>
          ))}
          {pills.length > SHOWN && <span aria-hidden="true">…</span>}
        </p>
      )}
    </form>
  );
}
