/// <reference lib="dom" />
// Sharing over the session: what the menu does, the link that a page was opened with, and what went wrong.
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Computed } from "../attribution/run.ts";
import type { NoticeStore } from "../page/notice.ts";
import type { Page } from "../page/page.ts";
import type { ShareAction } from "../share/menu.ts";
import { openShared } from "./teaching_moves.ts";

export interface ShareStore {
  /** What went wrong, until it is dismissed; "": nothing. */
  readonly problem: ReadonlySignal<string>;
  dismiss(): void;
  run(action: ShareAction): void;
  /** Opens what the address carries. Returns the way to stop. */
  open(): () => void;
}

interface ShareOptions {
  readonly page: Page;
  readonly theme: () => "light" | "dark";
  readonly onNotice: NoticeStore["say"];
  /** Every attribution that was computed on this page. */
  readonly attributions: () => readonly Computed[];
}

/** Runs the actions of the share menu, which are loaded when they are used. */
export function createShare({ page, theme, onNotice, attributions }: ShareOptions): ShareStore {
  const problem = signal("");
  const run = async (action: ShareAction) => {
    problem.value = "";
    const { runShare } = await import("../share/actions.ts");
    const outcome = await runShare(action, { page, theme: theme(), attributions: attributions() });
    const { said, undoable } = outcome;
    if (said !== undefined) onNotice(said, undoable && page.explorer.session.peek().tree);
    problem.value = outcome.problem ?? "";
  };
  return {
    problem,
    dismiss: () => problem.value = "",
    run: (action) => void run(action),
    open: () => followAddress(page, problem),
  };
}

/** Opens what the address carries, now and whenever another one is put into the address. Returns the way to stop. */
function followAddress(page: Page, problem: Signal<string>): () => void {
  let stop = openLink(page, problem);
  const onChange = () => {
    stop();
    stop = openLink(page, problem);
  };
  addEventListener("hashchange", onChange);
  return () => {
    removeEventListener("hashchange", onChange);
    stop();
  };
}

/** Opens what the address carries once a model is there, and takes it out of the address: a reload goes on with the
 * session as it is then. Returns the way to stop. */
function openLink(page: Page, problem: Signal<string>): () => void {
  if (!location.hash.startsWith("#share=")) return () => {};
  const { hash } = location;
  let stop = () => {};
  let wanted = true;
  void import("../share/link.ts").then(({ readShareLink }) => {
    if (!wanted) return;
    history.replaceState(null, "", `${location.pathname}${location.search}`);
    const link = readShareLink(hash);
    if (link.kind === "broken") problem.value = link.problem;
    if (link.kind !== "shared") return;
    let opened = false;
    stop = effect(() => {
      if (page.explorer.session.value.model.state !== "ready" || opened) return;
      opened = true;
      queueMicrotask(() => page.dispatch((now) => openShared(now, link.shared)));
    });
  });
  return () => {
    wanted = false;
    stop();
  };
}
