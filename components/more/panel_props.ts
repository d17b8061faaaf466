// What the panels of "More controls" get. Types only.
import type { Api } from "../../lib/explorer/asking/api.ts";
import type { Actions } from "../../lib/explorer/page/actions.ts";
import type { Session } from "../../lib/explorer/session/types.ts";

/** What every panel gets. */
export interface PanelProps {
  readonly session: Session;
  readonly api: Api;
  readonly actions: Actions;
  /** The token whose ledger is shown; null: the first that was removed. */
  readonly ledgerId: number | null;
  readonly onNotice: (text: string) => void;
}
