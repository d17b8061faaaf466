/// <reference lib="dom" />
// The search box over the whole vocabulary. ↓ moves into the list below it.
import { Search, X } from "../icons.ts";
import { formatCount } from "../../lib/explorer/words/format.ts";
import { isField } from "../../lib/explorer/page/focus.ts";
import { SEARCH_BOX as BOX } from "../../lib/explorer/page/search_box.ts";
import { ActionButton } from "../ActionButton.tsx";

/** Puts the focus into the box. */
export function focusSearch(): void {
  document.getElementById(BOX)?.focus();
}

/** The same when the list has come, which can take a moment: not away from another field, which is being written in. */
export function keepFocusInSearch(): void {
  const focused = document.activeElement;
  if (focused === null || focused.id === BOX || !isField(focused)) focusSearch();
}

interface VocabularySearchProps {
  readonly typed: string;
  /** Number of tokens of the model. */
  readonly vocabulary: number;
  /** Says why a query cannot be answered: an expression that is none, for example. */
  readonly error: string | null;
  readonly onType: (typed: string) => void;
  /** ↓: into the list. */
  readonly onDown: () => void;
  /** Escape in an empty box, or the button: back to the bars. */
  readonly onClose: () => void;
}

function onSearchKey(event: KeyboardEvent, { typed, onDown, onClose, onType }: VocabularySearchProps): void {
  if (event.key !== "ArrowDown" && event.key !== "Escape") return;
  event.preventDefault();
  if (event.key === "ArrowDown") onDown();
  else if (typed === "") onClose();
  else onType("");
}

export function VocabularySearch(props: VocabularySearchProps) {
  const { typed, vocabulary, error } = props;
  return (
    <div class="search">
      <div class="search-box">
        <Search size={15} strokeWidth={1.8} />
        <input
          class="field"
          type="search"
          id={BOX}
          dir="auto"
          aria-label="Search the vocabulary"
          aria-invalid={error === null ? undefined : true}
          aria-describedby={error === null ? undefined : "vocabulary-error"}
          placeholder={`${formatCount(vocabulary)} tokens: text, #id, /regex/`}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => props.onType(event.currentTarget.value)}
          onKeyDown={(event) => onSearchKey(event, props)}
        />
        <ActionButton
          class="ibtn sm"
          label="Close the search"
          tip="Back to the bars  Esc"
          onPress={props.onClose}
        >
          <X size={15} strokeWidth={1.8} />
        </ActionButton>
      </div>
      {error !== null && <p class="field-error" id="vocabulary-error" role="alert">{error}</p>}
    </div>
  );
}
