/// <reference lib="dom" />
// The search over the vocabulary in place of the bars, loaded when wanted. Its box is there at once: who presses / goes
// on typing.
import { useLayoutEffect } from "preact/hooks";
import { readyModel } from "../../lib/explorer/session/model.ts";
import type { PageModel } from "../../lib/explorer/stores/page_model.ts";
import { useLazy } from "../lazy.tsx";
import { focusSearch, VocabularySearch } from "../vocabulary/VocabularySearch.tsx";

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

export function SearchPanel({ model }: { model: PageModel }) {
  const { views, stores, actions, search, showLedger } = model;
  const session = views.session.value;
  const Panel = useLazy(
    true,
    () => import("../vocabulary/VocabularyPanel.tsx").then(({ VocabularyPanel }) => VocabularyPanel),
  );
  if (Panel === null) {
    const size = readyModel(session)?.vocabulary ?? 0;
    const typed = search.typed.value;
    return <Waiting typed={typed} vocabulary={size} onType={search.type} onClose={search.close} />;
  }
  return (
    <Panel
      store={stores.vocabulary}
      session={session}
      appendable={views.bars.value?.appendable ?? false}
      typed={search.typed.peek()}
      onAppend={actions.appendChoice}
      onLedger={showLedger}
      onPin={actions.pin}
      onClose={search.close}
    />
  );
}
