/// <reference lib="dom" />
// The search over the whole vocabulary in place of the bars.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Vocabulary } from "../../lib/explorer/asking/vocabulary.ts";
import type { Choice } from "../../lib/explorer/session/step_record.ts";
import { readyModel } from "../../lib/explorer/session/model.ts";
import { pinnedIdsOf } from "../../lib/explorer/session/pins.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import {
  describeFound,
  rowOfVocabulary,
  type VocabularyRow,
} from "../../lib/explorer/views/vocabulary_view.ts";
import { VocabularyList } from "./VocabularyList.tsx";
import { focusSearch, keepFocusInSearch, VocabularySearch } from "./VocabularySearch.tsx";

export interface VocabularyPanelProps {
  readonly store: Vocabulary;
  readonly session: Session;
  readonly appendable: boolean;
  /** What was typed before the panel was there. */
  readonly typed: string;
  readonly onAppend: (choice: Choice) => void;
  readonly onLedger: (id: number) => void;
  readonly onPin: (id: number, pinned: boolean) => void;
  readonly onClose: () => void;
}

/** The rows of the list; undefined where the page of a row is not here yet. */
function useRows({ store, session }: VocabularyPanelProps): (index: number) => VocabularyRow | undefined {
  const { tokens } = store.found.value;
  const pinned = new Set(pinnedIdsOf(session));
  const dist = session.answer?.dist ?? { constraint_type: null };
  const { expert, axis } = session.display;
  const first = tokens.get(0);
  const largest = first === undefined ? 1 : expert ? Math.max(first.p_final, first.p_raw) : first.p_final;
  return (index) => {
    const token = tokens.get(index);
    return token === undefined ? undefined : rowOfVocabulary(token, largest, dist, pinned, axis);
  };
}

/** Appends a token of the list. */
function append({ store, onAppend }: VocabularyPanelProps, id: number): void {
  const token = [...store.found.peek().tokens.values()].find((token) => token.id === id);
  if (token !== undefined) onAppend(token);
}

export function VocabularyPanel(props: VocabularyPanelProps) {
  const { store, session } = props;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => store.follow(session), [session.answer, session.settings]);
  // Before anything else can be typed: the next letter belongs in the box.
  useLayoutEffect(() => {
    keepFocusInSearch();
    if (props.typed !== "") store.search(props.typed);
    return store.close;
  }, []);
  const { typed, total, error } = store.found.value;
  const size = readyModel(session)?.vocabulary ?? 0;
  return (
    <>
      <VocabularySearch
        typed={typed}
        vocabulary={size}
        error={error}
        onType={store.search}
        onDown={() => list.current?.querySelector<HTMLElement>("button")?.focus()}
        onClose={props.onClose}
      />
      <VocabularyList
        total={total}
        note={describeFound(typed, total, size)}
        rowAt={useRows(props)}
        onRange={store.range}
        onUp={focusSearch}
        onAppend={(id) => append(props, id)}
        onLedger={props.onLedger}
        onPin={props.onPin}
        expert={session.display.expert}
        appendable={props.appendable}
        list={list}
      />
    </>
  );
}
