// The search over the vocabulary in place of the bars: open or not, what is pinned, and its panel, loaded when wanted.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import type { Actions } from "../../lib/explorer/actions.ts";
import type { BarsView } from "../../lib/explorer/bars_view.ts";
import type { Page } from "../../lib/explorer/page.ts";
import type { Session } from "../../lib/explorer/types.ts";
import type { VocabularyPanelProps } from "../vocabulary/VocabularyPanel.tsx";

interface SearchOptions {
  readonly page: Page;
  readonly actions: Actions;
  readonly session: Session;
  readonly bars: BarsView | null;
  readonly onLedger: (id: number) => void;
}

interface Search {
  readonly toggle: () => void;
  /** Null: it is closed. */
  readonly panel: ComponentChildren | null;
}

export function useSearch({ page, actions, session, bars, onLedger }: SearchOptions): Search {
  const open = useSignal(false);
  const loaded = useSignal<{ readonly Panel: ComponentType<VocabularyPanelProps> } | null>(null);
  const toggle = () => {
    open.value = !open.value;
    if (loaded.value !== null) return;
    void import("../vocabulary/VocabularyPanel.tsx").then(({ VocabularyPanel }) => {
      loaded.value = { Panel: VocabularyPanel };
    });
  };
  if (!open.value || loaded.value === null) return { toggle, panel: null };
  const { Panel } = loaded.value;
  return {
    toggle,
    panel: (
      <Panel
        api={page.api}
        session={session}
        appendable={bars?.appendable ?? false}
        onAppend={actions.appendChoice}
        onLedger={onLedger}
        onPin={actions.pin}
        onClose={() => open.value = false}
      />
    ),
  };
}
