// What the panels of "More controls" get. Types only.
import type { ReadonlySignal } from "@preact/signals";
import type { Ghost } from "../../lib/explorer/asking/peek.ts";
import type { Actions } from "../../lib/explorer/page/actions.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import type { TeachingStore } from "../../lib/explorer/teach/teaching_store.ts";
import type { Stores } from "../../lib/explorer/stores/stores.ts";

/** What every panel gets. */
export interface PanelProps {
  readonly session: Session;
  readonly stores: Stores;
  readonly actions: Actions;
  /** The token whose ledger is shown; null: the first that was removed. */
  readonly ledgerId: number | null;
  /** The token that is pointed at. */
  readonly ghost: ReadonlySignal<Ghost | null>;
  readonly teaching: TeachingStore;
  /** Says what was done; `undoable`: with the way to take it back. */
  readonly onNotice: (text: string, undoable?: boolean) => void;
}
