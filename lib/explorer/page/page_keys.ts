/// <reference lib="dom" />
// Keys of the whole page: what each means is in keys.ts, what it does in actions.ts.
import type { ReadonlySignal } from "@preact/signals";
import type { Actions } from "./actions.ts";
import { readKeyPress } from "./dom_keys.ts";
import { isRepeated, type KeyMove, moveOfKey } from "./keys.ts";
import { focusOn, focusPrompt, keepFocusInList } from "./focus.ts";
import type { Session } from "../session/types.ts";

interface KeyOptions {
  readonly actions: Actions;
  readonly session: ReadonlySignal<Session>;
  readonly singleKeys: () => boolean;
  /** A dialog is open: it has the keys. */
  readonly blocked: () => boolean;
  readonly onHelp: () => void;
  readonly onSearch: () => void;
  readonly onPresent: () => void;
}

/** Listens until the function that comes back is called. */
export function listenForKeys(options: KeyOptions): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || options.blocked()) return;
    const move = moveOfKey(readKeyPress(event, options.singleKeys()));
    if (move === null) return;
    const held = event.repeat && !isRepeated(move); // the browser does not scroll instead
    if (held || perform(move, options)) event.preventDefault();
  };
  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("keydown", leaveComposition, { capture: true });
  return () => {
    document.removeEventListener("keydown", onKeyDown);
    document.removeEventListener("keydown", leaveComposition, { capture: true });
  };
}

/** Enter and Escape inside a composition belong to the input method: no field of the page sees them. Safari ends one
 * before its last key, which has the code 229 (https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode). */
function leaveComposition(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229) event.stopPropagation();
}

/** False where the key does nothing here: the browser has it. */
function perform(move: KeyMove, { actions, session, onHelp, onSearch, onPresent }: KeyOptions): boolean {
  if (move.move === "append") actions.appendAt(move.index);
  else if (move.move === "temperature") actions.temperatureBy(move.by);
  else if (move.move === "escape") {
    if (session.value.inspected === null) return false;
    actions.inspect(null);
  } else {
    const handlers: Record<Exclude<KeyMove["move"], "append" | "temperature" | "escape">, () => void> = {
      ...{ start: actions.start, step: actions.step, play: actions.togglePlay, greedy: actions.greedy },
      ...{ undo: actions.undo, redo: actions.redo, reset: actions.reset, remove: actions.remove },
      ...{
        edit: focusPrompt,
        force: () => focusOn("force"),
        forced: actions.appendForced,
        search: onSearch,
        help: onHelp,
      },
      ...{ heat: actions.nextHeat, reply: actions.takeReply, present: onPresent, axis: actions.turnAxis },
      ...{ table: () => keepFocusInList(actions.toggleTable), more: actions.toggleExpert },
    };
    handlers[move.move]();
  }
  return true;
}
