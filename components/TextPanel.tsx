// The current text, read-only: as tokens or plain.
import { Copy, Info, TriangleAlert, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { BannerView, StripToken, TextView } from "../lib/explorer/view.ts";
import { ActionButton } from "./ActionButton.tsx";
import { Segmented } from "./Segmented.tsx";
import { TokenText } from "./TokenText.tsx";

export type TextMode = "tokens" | "plain";
const MODES = [{ value: "tokens", label: "Tokens" }, { value: "plain", label: "Plain" }] as const;

function StripItem({ token }: { token: StripToken }) {
  const special = token.look.parts[0]?.kind === "special";
  const breaks = token.look.parts.some((part) => part.kind === "newline");
  return (
    <>
      <span class={`tok${token.appended ? " appended" : ""}${special ? " special" : ""}`}>
        <TokenText look={token.look} />
      </span>
      {breaks && <br />}
    </>
  );
}

/** Tokens in rows; the newest is kept in view. */
function TokenStrip({ text, onRemove }: { text: TextView; onRemove: () => void }) {
  const strip = useRef<HTMLDivElement>(null);
  const { length } = text.tokens;
  useEffect(() => {
    if (strip.current !== null) strip.current.scrollTop = strip.current.scrollHeight;
  }, [length]);
  return (
    <div class="strip" id="strip" ref={strip} tabIndex={0} role="group" aria-labelledby="text-label">
      {text.tokens.map((token, at) => <StripItem key={at} token={token} />)}
      {text.tokens.length === 0 && <span class="unread">{text.plain}</span>}
      <span class="strip-end">
        {text.open && <span class="caret" aria-hidden="true" />}
        {text.canRemove && (
          <ActionButton
            class="del"
            label="Delete the last token"
            tip="Delete the last token  Backspace"
            onPress={onRemove}
          >
            <X size={13} strokeWidth={2} />
          </ActionButton>
        )}
      </span>
    </div>
  );
}

function Banner(
  { banner, onUndo, onRemove }: { banner: BannerView; onUndo: () => void; onRemove: () => void },
) {
  const Icon = banner.tone === "warn" ? TriangleAlert : Info;
  return (
    <div class={`banner ${banner.tone}`} role="status">
      <Icon size={16} strokeWidth={1.7} />
      <span>{banner.text}</span>
      {banner.action === "undo" && <ActionButton class="btn sm" onPress={onUndo}>Undo</ActionButton>}
      {banner.action === "remove" && (
        <ActionButton class="btn sm" onPress={onRemove}>Delete last</ActionButton>
      )}
    </div>
  );
}

interface TextPanelProps {
  readonly text: TextView;
  readonly mode: TextMode;
  readonly onMode: (mode: TextMode) => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
  readonly onUndo: () => void;
}

export function TextPanel({ text, mode, onMode, onCopy, onRemove, onUndo }: TextPanelProps) {
  return (
    <div class="text">
      <div class="bar">
        <h2 class="h" id="text-label">Text</h2>
        <span class="note counter">{text.counter}</span>
        <span class="grow" />
        <Segmented label="Text view" value={mode} options={MODES} onChange={onMode} />
        <ActionButton class="ibtn sm" label="Copy the text" tip="Copy the text" onPress={onCopy}>
          <Copy size={15} strokeWidth={1.7} />
        </ActionButton>
      </div>
      {mode === "tokens"
        ? <TokenStrip text={text} onRemove={onRemove} />
        : (
          <p class="plain" tabIndex={0} role="group" aria-labelledby="text-label">
            {text.plain}
          </p>
        )}
      <p class="legend">{mode === "tokens" ? text.note : ""}</p>
      {text.banner && <Banner banner={text.banner} onUndo={onUndo} onRemove={onRemove} />}
    </div>
  );
}
