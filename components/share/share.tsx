/// <reference lib="dom" />
// Sharing over the session: the menu, the link that a page was opened with, and what went wrong.
import { effect, useSignal } from "@preact/signals";
import { X } from "../icons.ts";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { currentTip } from "../../lib/explorer/session/branches.ts";
import type { Page } from "../../lib/explorer/page/page.ts";
import type { ShareAction } from "../../lib/explorer/share/menu.ts";
import { openShared } from "../../lib/explorer/teach/teaching_moves.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { ActionButton } from "../ActionButton.tsx";
import { ShareMenu } from "./ShareMenu.tsx";

interface ShareOptions {
  readonly page: Page;
  readonly session: Session;
  readonly theme: () => "light" | "dark";
  readonly onNotice: (text: string) => void;
}

interface Share {
  readonly menu: ComponentChildren;
  /** What went wrong, until it is dismissed; null: nothing. */
  readonly problem: ComponentChildren | null;
}

function unavailableOf({ tree, answer }: Session): Partial<Record<ShareAction, string>> {
  const tip = currentTip(tree);
  const nothing = "There is no text yet: press Start";
  const text = tip === null ? { link: nothing, html: nothing, curl: nothing, python: nothing } : {};
  const noBars = "There are no bars yet";
  return { ...text, ...answer === null ? { svg: noBars, png: noBars, csv: noBars } : {} };
}

/** Opens what the address carries once a model is there, and takes it out of the address: a reload goes on with the
 * session as it is then. Returns the way to stop. */
function openLink(page: Page, onProblem: (text: string) => void): () => void {
  if (!location.hash.startsWith("#share=")) return () => {};
  const { hash } = location;
  let stop = () => {};
  let wanted = true;
  void import("../../lib/explorer/share/link.ts").then(({ readShareLink }) => {
    if (!wanted) return;
    history.replaceState(null, "", `${location.pathname}${location.search}`);
    const link = readShareLink(hash);
    if (link.kind === "broken") return onProblem(link.problem);
    if (link.kind === "none") return;
    let opened = false;
    stop = effect(() => {
      const { model } = page.explorer.session.value;
      if (!model.ready || opened) return;
      opened = true;
      queueMicrotask(() => page.dispatch((now) => openShared(now, link.shared)));
    });
  });
  return () => {
    wanted = false;
    stop();
  };
}

export function useShare({ page, session, theme, onNotice }: ShareOptions): Share {
  const open = useSignal(false);
  const problem = useSignal("");
  useEffect(() => openLink(page, (text) => problem.value = text), []);
  const onAction = async (action: ShareAction) => {
    problem.value = "";
    const { runShare } = await import("../../lib/explorer/share/actions.ts");
    const outcome = await runShare(action, { page, theme: theme() });
    if (outcome.said !== undefined) onNotice(outcome.said);
    problem.value = outcome.problem ?? "";
  };
  return {
    menu: (
      <ShareMenu
        open={open.value}
        unavailable={unavailableOf(session)}
        onOpen={(on) => open.value = on}
        onAction={(action) => void onAction(action)}
      />
    ),
    problem: problem.value === "" ? null : (
      <p class="notice bad" role="alert">
        <span>{problem.value}</span>
        <ActionButton class="ibtn sm" label="Dismiss" onPress={() => problem.value = ""}>
          <X size={15} strokeWidth={1.8} />
        </ActionButton>
      </p>
    ),
  };
}
