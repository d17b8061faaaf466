// The page without its markup: the session, what can be done, what asks, and what components show.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ModelStatus } from "../../wire/models.ts";
import { type Actions, createActions } from "../page/actions.ts";
import { type AnswerFocus, followAnswers } from "../page/focus.ts";
import { createNotice, type NoticeStore } from "../page/notice.ts";
import { copyText, openPage, type Page } from "../page/page.ts";
import { guardDoubleClicks } from "../page/double_click.ts";
import { createDragging } from "../page/dragging.ts";
import { listenForKeys } from "../page/page_keys.ts";
import { createSearchBox, type SearchBox } from "../page/search_box.ts";
import { createTheme, type ThemeStore } from "../page/theme.ts";
import { createTeaching, type TeachingStore } from "../teach/teaching_store.ts";
import { createViews, type Views } from "../views/views.ts";
import { createStores, type Stores } from "./stores.ts";

export interface PageModel {
  readonly page: Page;
  readonly actions: Actions;
  readonly views: Views;
  readonly stores: Stores;
  readonly teaching: TeachingStore;
  readonly search: SearchBox;
  readonly notice: NoticeStore;
  readonly theme: ThemeStore;
  /** The token whose ledger is shown; null: the first that was removed. */
  readonly ledgerId: ReadonlySignal<number | null>;
  showLedger(id: number): void;
  copy(text: string): void;
  /** Begins to listen and to ask. Returns the way to stop everything. */
  open(): () => void;
}

interface PageModelOptions {
  readonly status: ModelStatus;
  readonly prompt: string;
  readonly inBrowser: boolean;
}

/** Session, actions, stores and views of one page. */
export function createPageModel(options: PageModelOptions): PageModel {
  const notice = createNotice();
  const { say } = notice;
  let focus: AnswerFocus | null = null;
  const page = openPage({ ...options, onAnswer: (reason) => focus?.answered(reason), onNotice: say });
  const theme = createTheme(page.storage);
  const actions = createActions(page);
  const dragging = createDragging();
  const ledgerId = signal<number | null>(null);
  const model = {
    ...{ page, actions, notice, theme, ledgerId },
    views: createViews(page.explorer.session, page.drawnTokens, dragging.now),
    stores: createStores({ page, theme: () => theme.theme.value, onNotice: say }),
    teaching: createTeaching(page, say),
    search: createSearchBox(),
  };
  return {
    ...model,
    showLedger(id) {
      ledgerId.value = id;
      actions.display({ expert: true, tab: "sampling" });
      say("Excluded now. Force text can still append it.");
    },
    copy: (text) =>
      void copyText(text).then((done) => say(done ? "Copied." : "The browser did not allow copying.")),
    open() {
      theme.open();
      model.teaching.open();
      focus = followAnswers(page.explorer.session);
      const stops = [
        ...[focus.stop, guardDoubleClicks(), listen(model), dragging.open()],
        ...[page.open(), model.stores.open()],
      ];
      return () => stops.toReversed().forEach((stop) => stop());
    },
  };
}

function listen({ actions, page, teaching, search }: Omit<PageModel, "showLedger" | "copy" | "open">) {
  return listenForKeys({
    actions,
    session: page.explorer.session,
    singleKeys: () => teaching.singleKeys.value,
    blocked: () => teaching.help.value,
    onHelp: () => teaching.showHelp(true),
    onSearch: search.enter,
    onPresent: () => teaching.present(!teaching.presenting.value),
  });
}
