/// <reference lib="dom" />
// The search over the whole vocabulary in place of the bars.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../../lib/explorer/asking/api.ts";
import type { Choice } from "../../lib/explorer/session/step_record.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { createVocabulary } from "../../lib/explorer/asking/vocabulary.ts";
import { foundText, vocabularyRow } from "../../lib/explorer/views/vocabulary_view.ts";
import { VocabularyList } from "./VocabularyList.tsx";
import { focusSearch, VocabularySearch } from "./VocabularySearch.tsx";

export interface VocabularyPanelProps {
  readonly api: Api;
  readonly session: Session;
  readonly appendable: boolean;
  /** What was typed before the panel was there. */
  readonly typed: string;
  readonly onAppend: (choice: Choice) => void;
  readonly onLedger: (id: number) => void;
  readonly onPin: (id: number, pinned: boolean) => void;
  readonly onClose: () => void;
}

export function VocabularyPanel(props: VocabularyPanelProps) {
  const { session } = props;
  const pinned = new Set(session.pins);
  const [vocabulary] = useState(() => createVocabulary(props.api));
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    vocabulary.follow(session);
  }, [session.answer, session.settings]);
  // Before anything else can be typed: the next letter belongs in the box.
  useLayoutEffect(() => {
    focusSearch();
    if (props.typed !== "") vocabulary.search(props.typed);
    return vocabulary.close;
  }, []);
  const { typed, total, error, tokens } = vocabulary.found.value;
  const size = session.model.vocab_size ?? 0;
  const dist = session.answer?.dist ?? { constraint_type: null };
  const { expert, axis } = session.display;
  const first = tokens.get(0);
  const largest = first === undefined ? 1 : expert ? Math.max(first.p_final, first.p_raw) : first.p_final;
  const focusList = () => list.current?.querySelector<HTMLElement>("button")?.focus();
  const tokenOf = (id: number) => [...tokens.values()].find((token) => token.id === id);
  return (
    <>
      <VocabularySearch
        typed={typed}
        vocabulary={size}
        error={error}
        onType={vocabulary.search}
        onDown={focusList}
        onClose={props.onClose}
      />
      <VocabularyList
        total={total}
        note={foundText(typed, total, size)}
        rowAt={(index) => {
          const token = tokens.get(index);
          return token === undefined ? undefined : vocabularyRow(token, largest, dist, pinned, axis);
        }}
        onRange={vocabulary.range}
        onUp={focusSearch}
        onAppend={(id) => {
          const token = tokenOf(id);
          if (token !== undefined) props.onAppend(token);
        }}
        onLedger={props.onLedger}
        onPin={props.onPin}
        expert={expert}
        appendable={props.appendable}
        list={list}
      />
    </>
  );
}
