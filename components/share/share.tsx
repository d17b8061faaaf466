// Sharing over the session: the menu, and which of its actions are possible.
import { useSignal } from "@preact/signals";
import { currentTip } from "../../lib/explorer/session/branches.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import type { ShareAction } from "../../lib/explorer/share/menu.ts";
import type { ShareStore } from "../../lib/explorer/teach/share_store.ts";
import { ShareMenu } from "./ShareMenu.tsx";

function unavailableOf({ tree, answer }: Session): Partial<Record<ShareAction, string>> {
  const tip = currentTip(tree);
  const nothing = "There is no text yet: press Start";
  const text = tip === null
    ? { link: nothing, html: nothing, curl: nothing, python: nothing, csvText: nothing }
    : {};
  const noBars = "There are no bars yet";
  return { ...text, ...answer === null ? { svg: noBars, png: noBars, csv: noBars, csvAll: noBars } : {} };
}

export function Share({ store, session }: { store: ShareStore; session: Session }) {
  const open = useSignal(false);
  return (
    <ShareMenu
      open={open.value}
      unavailable={unavailableOf(session)}
      onOpen={(on) => open.value = on}
      onAction={store.run}
    />
  );
}
