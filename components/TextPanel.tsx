/// <reference lib="dom" />
// The current text, as tokens or plain, with its colours, and what to know about its end.
import type { ReadonlySignal } from "@preact/signals";
import { Copy, Info, TriangleAlert } from "./icons.ts";
import { useState } from "preact/hooks";
import type { Actions } from "../lib/explorer/page/actions.ts";
import type { BannerView, TextView } from "../lib/explorer/views/page_view.ts";
import type { Ghost } from "../lib/explorer/asking/peek.ts";
import type { StripToken, TokenCard as Card } from "../lib/explorer/views/strip_view.ts";
import type { Display } from "../lib/explorer/session/display.ts";
import { ActionButton } from "./ActionButton.tsx";
import { HeatLegend, HeatPicker } from "./sampling/Heat.tsx";
import { Segmented } from "./Segmented.tsx";
import { GhostToken } from "./text/GhostToken.tsx";
import { TokenCard } from "./text/TokenCard.tsx";
import { TokenStrip } from "./text/TokenStrip.tsx";

const VIEWS = [{ value: "tokens", label: "Tokens" }, { value: "plain", label: "Plain" }] as const;

function Banner({ banner, actions }: { banner: BannerView; actions: Actions }) {
  const Icon = banner.tone === "warn" ? TriangleAlert : Info;
  return (
    <div class={`banner ${banner.tone}`} role="status">
      <Icon size={16} strokeWidth={1.7} />
      <span>{banner.text}</span>
      {banner.action === "undo" && <ActionButton class="btn sm" onPress={actions.undo}>Undo</ActionButton>}
      {banner.reply && (
        <ActionButton class="btn sm" tip="The reply becomes a message  N" onPress={actions.takeReply}>
          Next turn
        </ActionButton>
      )}
      {banner.action === "remove" && (
        <ActionButton class="btn sm" onPress={actions.remove}>Delete last</ActionButton>
      )}
    </div>
  );
}

interface TextPanelProps {
  readonly text: TextView;
  readonly tokens: readonly StripToken[];
  readonly display: Display;
  readonly inspecting: boolean;
  readonly ghost: ReadonlySignal<Ghost | null>;
  readonly actions: Actions;
  readonly cardOf: (at: number) => Card | null;
  /** The first token was pressed: nothing comes before it. */
  readonly onFirst: () => void;
  /** The token under the pointer or the focus, by its place in the completion; null: none of them. */
  readonly onPoint: (step: number | null) => void;
  readonly onCopy: () => void;
}

function Head({ text, display, actions, onCopy }: TextPanelProps) {
  return (
    <div class="bar">
      <h2 class="h" id="text-label">Text</h2>
      <span class="note counter">{text.counter}</span>
      <span class="grow" />
      <HeatPicker value={display.heat} onChange={(heat) => actions.display({ heat })} />
      <Segmented
        label="Text view"
        value={display.view}
        options={VIEWS}
        onChange={(view) => actions.display({ view })}
      />
      <ActionButton class="ibtn sm" label="Copy the text" tip="Copy the text" onPress={onCopy}>
        <Copy size={15} strokeWidth={1.7} />
      </ActionButton>
    </div>
  );
}

interface BodyProps extends TextPanelProps {
  readonly onPress: (token: StripToken) => void;
  readonly onCard: (at: number | null, element: HTMLElement | null) => void;
}

/** The text itself: as tokens, or plain. */
function Body({ text, tokens, display, inspecting, ghost, actions, onPress, onCard }: BodyProps) {
  if (display.view === "plain") {
    return (
      <p class="plain" dir="auto" tabIndex={0} role="group" aria-labelledby="text-label">{text.plain}</p>
    );
  }
  return (
    <TokenStrip
      tokens={tokens}
      unread={text.plain}
      open={text.open && !inspecting}
      canRemove={text.canRemove && !inspecting}
      inspecting={inspecting}
      onPress={onPress}
      onCard={onCard}
      onRemove={actions.remove}
    >
      <GhostToken ghost={ghost} />
    </TokenStrip>
  );
}

export function TextPanel(props: TextPanelProps) {
  const { text, display, actions } = props;
  const [pointed, setPointed] = useState<{ at: number; element: HTMLElement } | null>(null);
  const card = pointed !== null && pointed.element.isConnected ? props.cardOf(pointed.at) : null;
  const onCard = (at: number | null, element: HTMLElement | null) => {
    if (at === (pointed?.at ?? null)) return;
    setPointed(at === null || element === null ? null : { at, element });
    props.onPoint(at === null ? null : props.tokens[at]?.step ?? null);
    if (at !== null && props.cardOf(at)?.wantsScores) actions.wantScores();
  };
  const onPress = ({ at, step }: StripToken) => {
    if (at === 0) return props.onFirst();
    setPointed(null);
    if (step === null) actions.inspectPrompt(at);
    else actions.inspect(step);
  };
  return (
    <div class="text">
      <Head {...props} />
      <Body {...props} onPress={onPress} onCard={onCard} />
      <p class="legend">
        {display.view === "tokens" &&
          (text.legend === null ? text.note : <HeatLegend legend={text.legend} />)}
      </p>
      {text.banner && <Banner banner={text.banner} actions={actions} />}
      {card !== null && <TokenCard card={card} anchor={pointed!.element} />}
    </div>
  );
}
