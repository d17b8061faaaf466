/// <reference lib="dom" />
// The page: wires the session to the components. Nothing is decided here.
import { useComputed, useSignal } from "@preact/signals";
import { IS_BROWSER } from "fresh/runtime";
import { useEffect, useState } from "preact/hooks";
import { Distribution } from "../components/Distribution.tsx";
import { HelpDialog } from "../components/HelpDialog.tsx";
import { PromptBox } from "../components/PromptBox.tsx";
import { RunBar } from "../components/RunBar.tsx";
import { type TextMode, TextPanel } from "../components/TextPanel.tsx";
import { Tooltip } from "../components/Tooltip.tsx";
import { TopBar } from "../components/TopBar.tsx";
import type { ModelStatus } from "../lib/api/wire.ts";
import { textOf } from "../lib/explorer/ask.ts";
import type { CoverAction } from "../lib/explorer/cover.ts";
import { keyPress } from "../lib/explorer/dom_keys.ts";
import { type KeyMove, keyMove } from "../lib/explorer/keys.ts";
import { retry } from "../lib/explorer/lifecycle.ts";
import { modelView } from "../lib/explorer/model_view.ts";
import {
  copyText,
  focusFirstBar,
  focusPrompt,
  openPage,
  prefersDark,
  showTheme,
} from "../lib/explorer/page.ts";
import { loadSingleKeys, loadTheme, saveSingleKeys, saveTheme } from "../lib/explorer/preferences.ts";
import * as moves from "../lib/explorer/session.ts";
import type { Reason } from "../lib/explorer/types_v1.ts";
import { viewOf } from "../lib/explorer/view.ts";

/** `status`: the model when the page was served; `prompt`: what its prompt box begins with. */
export default function Explorer({ status, prompt }: { status: ModelStatus; prompt: string }) {
  const [page] = useState(() => openPage({ status, prompt, inBrowser: IS_BROWSER, onAnswer }));
  const { explorer, storage } = page;
  const { dispatch } = explorer;
  const session = explorer.session.value;
  const view = useComputed(() => viewOf(explorer.session.value)).value;
  const mode = useSignal<TextMode>("tokens");
  const table = useSignal(false);
  const help = useSignal(false);
  const toast = useSignal("");
  const singleKeys = useSignal(true);
  const dark = useSignal(false);

  function onAnswer(reason: Reason): void {
    const { activeElement: focused, body } = document;
    const inComposer = focused?.closest(".composer") != null;
    if (focused === body ? reason !== "auto" : inComposer && reason === "start") focusFirstBar();
  }
  function onTheme(): void {
    dark.value = !dark.value;
    saveTheme(storage, dark.value ? "dark" : "light");
    showTheme(dark.value ? "dark" : "light");
  }
  function onAppend(index: number): void {
    dispatch((now) => moves.append(now, index));
    focusFirstBar();
  }
  async function copy(text: string): Promise<void> {
    toast.value = await copyText(text) ? "Copied." : "The browser did not allow copying.";
    setTimeout(() => toast.value = "", 2500);
  }
  function onCover(action: CoverAction): void {
    if (action === "retry") dispatch(retry);
    else if (action === "edit") focusPrompt();
    else if (view.cover?.kind === "failed") {
      copy(`${view.cover.title}\n${view.cover.text}\n${view.cover.reason}`);
    }
  }
  function perform(move: KeyMove): void {
    const handlers: Record<Exclude<KeyMove["move"], "append" | "temperature">, () => void> = {
      start: () => dispatch(moves.start),
      greedy: () => dispatch(moves.greedy),
      undo: () => dispatch(moves.undo),
      redo: () => dispatch(moves.redo),
      reset: () => dispatch(moves.reset),
      remove: () => dispatch(moves.removeLast),
      edit: focusPrompt,
      table: () => table.value = !table.value,
      help: () => help.value = true,
    };
    if (move.move === "append") dispatch((now) => moves.append(now, move.index));
    else if (move.move === "temperature") dispatch((now) => moves.changeTemperatureBy(now, move.by));
    else handlers[move.move]();
  }

  useEffect(() => {
    singleKeys.value = loadSingleKeys(storage);
    dark.value = (loadTheme(storage) ?? (prefersDark() ? "dark" : "light")) === "dark";
    const onKeyDown = (event: KeyboardEvent) => {
      const move = help.value ? null : keyMove(keyPress(event, singleKeys.value));
      if (move === null || event.defaultPrevented) return;
      event.preventDefault();
      perform(move);
    };
    document.addEventListener("keydown", onKeyDown);
    const close = explorer.open();
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      close();
    };
  }, []);

  const model = modelView(session.model);
  return (
    <>
      <TopBar model={model} dark={dark.value} onTheme={onTheme} onHelp={() => help.value = true} />
      <main id="main" class="layout">
        <h1 class="sr">Next Token: explore what a language model could write next</h1>
        {model.notice && <p class="notice" role="status">{model.notice}</p>}
        <section class="card doc" aria-label="Prompt and text">
          <PromptBox
            prompt={view.prompt}
            onEdit={(draft) => dispatch((now) => moves.editDraft(now, draft))}
            onStart={() => dispatch(moves.start)}
            onRemoveSpaces={() => dispatch(moves.removeTrailingSpaces)}
          />
          <TextPanel
            text={view.text}
            mode={mode.value}
            onMode={(value) => mode.value = value}
            onCopy={() => copy(session.path === null ? "" : textOf(session.path))}
            onRemove={() => dispatch(moves.removeLast)}
            onUndo={() => dispatch(moves.undo)}
          />
          <RunBar
            run={view.run}
            onGreedy={() => dispatch(moves.greedy)}
            onUndo={() => dispatch(moves.undo)}
            onRedo={() => dispatch(moves.redo)}
            onReset={() => dispatch(moves.reset)}
          />
        </section>
        <section class="right" id="candidates" tabIndex={-1} aria-labelledby="distribution-label">
          <Distribution
            distribution={view.distribution}
            cover={view.cover}
            settings={session.settings}
            table={table.value}
            onTable={() => table.value = !table.value}
            onSettings={(change) => dispatch((now) => moves.changeSettings(now, change))}
            onAppend={onAppend}
            onCover={onCover}
          />
        </section>
        <Tooltip />
      </main>
      <HelpDialog
        open={help.value}
        singleKeys={singleKeys.value}
        onSingleKeys={(on) => saveSingleKeys(storage, singleKeys.value = on)}
        onClose={() => help.value = false}
      />
      <div class="toast" role="status">{toast.value}</div>
      <div class="sr" id="live" aria-live="polite">{session.announcement}</div>
    </>
  );
}
