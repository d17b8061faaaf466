/// <reference lib="dom" />
// The search over the vocabulary in place of the bars: open or not, and its panel, loaded when wanted. Its box is there
// at once: who presses / goes on typing.
import { readyModel } from "../../lib/explorer/session/model.ts";
import { useSignal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Actions } from "../../lib/explorer/page/actions.ts";
import type { BarsView } from "../../lib/explorer/views/bars_view.ts";
import { focusFirstBar } from "../../lib/explorer/page/focus.ts";
import type { Vocabulary } from "../../lib/explorer/asking/vocabulary.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import type { VocabularyPanelProps } from "../vocabulary/VocabularyPanel.tsx";
import { focusSearch, VocabularySearch } from "../vocabulary/VocabularySearch.tsx";

interface SearchOptions {
  readonly vocabulary: Vocabulary;
  readonly actions: Actions;
  readonly session: Session;
  readonly bars: BarsView | null;
  readonly onLedger: (id: number) => void;
}

interface Search {
  readonly toggle: () => void;
  /** Opens it, or goes back into its box. */
  readonly enter: () => void;
  /** Null: it is closed. */
  readonly panel: ComponentChildren | null;
}

interface WaitingProps {
  readonly typed: string;
  readonly vocabulary: number;
  readonly onType: (typed: string) => void;
  readonly onClose: () => void;
}

/** The box alone, until the panel is there. */
function Waiting(props: WaitingProps) {
  useLayoutEffect(focusSearch, []);
  return <VocabularySearch {...props} error={null} onDown={() => {}} />;
}

export function useSearch({ vocabulary, actions, session, bars, onLedger }: SearchOptions): Search {
  const open = useSignal(false);
  const loaded = useSignal<{ readonly Panel: ComponentType<VocabularyPanelProps> } | null>(null);
  const typed = useSignal("");
  const toggle = () => {
    open.value = !open.value;
    typed.value = "";
    if (loaded.value !== null) return;
    void import("../vocabulary/VocabularyPanel.tsx").then(({ VocabularyPanel }) => {
      loaded.value = { Panel: VocabularyPanel };
    });
  };
  const close = () => {
    open.value = false;
    focusFirstBar(); // the box had the focus
  };
  const enter = () => open.value ? focusSearch() : toggle();
  if (!open.value) return { toggle, enter, panel: null };
  if (loaded.value === null) {
    const size = readyModel(session)?.vocabulary ?? 0;
    const onType = (text: string) => typed.value = text;
    return {
      toggle,
      enter,
      panel: <Waiting typed={typed.value} vocabulary={size} onType={onType} onClose={close} />,
    };
  }
  const { Panel } = loaded.value;
  return {
    toggle,
    enter,
    panel: (
      <Panel
        store={vocabulary}
        session={session}
        appendable={bars?.appendable ?? false}
        typed={typed.value}
        onAppend={actions.appendChoice}
        onLedger={onLedger}
        onPin={actions.pin}
        onClose={close}
      />
    ),
  };
}
