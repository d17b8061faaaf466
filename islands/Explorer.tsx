/// <reference lib="dom" />
// The page: wires the session to the components. Nothing is decided here.
import { modelId } from "../lib/explorer/session/model.ts";
import { useSignal } from "@preact/signals";
import { IS_BROWSER } from "fresh/runtime";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Announcer } from "../components/Announcer.tsx";
import { Distribution } from "../components/Distribution.tsx";
import { ForceText } from "../components/ForceText.tsx";
import { ModelNotices, Models, Problem } from "../components/models/models.tsx";
import { MoreControls } from "../components/more/MoreControls.tsx";
import { PromptBox } from "../components/PromptBox.tsx";
import { RunBar } from "../components/RunBar.tsx";
import { Patterns } from "../components/sampling/Patterns.tsx";
import { Share } from "../components/share/share.tsx";
import { useTeaching } from "../components/teach/teaching.tsx";
import { SessionHints } from "../components/teach/Hints.tsx";
import { TextPanel } from "../components/TextPanel.tsx";
import { Tooltip } from "../components/Tooltip.tsx";
import { TopBar } from "../components/TopBar.tsx";
import type { ModelStatus } from "../lib/wire/models.ts";
import { createStores } from "../lib/explorer/stores/stores.ts";
import { createActions } from "../lib/explorer/page/actions.ts";
import { barsView, controlTips } from "../lib/explorer/views/bars_view.ts";
import { type CoverAction, coverView } from "../lib/explorer/views/placeholder.ts";
import { modelView } from "../lib/explorer/models/badge.ts";
import { type AnswerFocus, focusFirstBar, focusPrompt, followAnswers } from "../lib/explorer/page/focus.ts";
import { copyText, openPage, prefersDark, showTheme } from "../lib/explorer/page/page.ts";
import { listenForKeys } from "../lib/explorer/page/page_keys.ts";
import { promptView, runView, textView } from "../lib/explorer/views/page_view.ts";
import { loadTheme, saveTheme } from "../lib/explorer/storage/preferences.ts";
import { playOf } from "../lib/explorer/session/activity.ts";
import { isOpen } from "../lib/explorer/session/question.ts";
import { stripView, tokenCard } from "../lib/explorer/views/strip_view.ts";
import type { Reason } from "../lib/explorer/session/types.ts";
import { moreTabs } from "../components/more/tabs.tsx";
import { useSearch } from "../components/more/search.tsx";

/** `status`: the model when the page was served; `prompt`: what its prompt box begins with. */
export default function Explorer({ status, prompt }: { status: ModelStatus; prompt: string }) {
  const toast = useSignal("");
  const dark = useSignal(false);
  const focus = useRef<AnswerFocus | null>(null);
  const [{ page, actions, stores }] = useState(() => {
    const page = openPage({ status, prompt, inBrowser: IS_BROWSER, onAnswer, onNotice: say });
    const theme = () => dark.value ? "dark" : "light";
    return { page, actions: createActions(page), stores: createStores({ page, theme, onNotice: say }) };
  });
  const { explorer, storage } = page;
  const session = explorer.session.value;
  const { display } = session;
  const ledgerId = useSignal<number | null>(null);

  function say(text: string): void {
    toast.value = text;
    setTimeout(() => toast.value = toast.value === text ? "" : toast.value, 2500);
  }
  function onAnswer(reason: Reason): void {
    focus.current?.answered(reason);
  }
  function onTheme(): void {
    dark.value = !dark.value;
    saveTheme(storage, dark.value ? "dark" : "light");
    showTheme(dark.value ? "dark" : "light");
  }
  async function copy(text: string): Promise<void> {
    say(await copyText(text) ? "Copied." : "The browser did not allow copying.");
  }
  function onLedger(id: number): void {
    ledgerId.value = id;
    actions.display({ expert: true, tab: "sampling" });
    say("Excluded now. Force text can still append it.");
  }
  const { models, share } = stores;
  const teaching = useTeaching({ page, session, onNotice: say });
  const cover = coverView(session);
  function onCover(action: CoverAction): void {
    if (action === "retry") actions.retry();
    else if (action === "edit") focusPrompt();
    else if (action === "enable") actions.enable(true);
    else if (action === "reread") actions.readAgain();
    else if (action === "models") models.open(true);
    else if (action === "reload") models.load(modelId(session) ?? "", null);
    else if (cover?.kind === "failed") copy(`${cover.title}\n${cover.text}\n${cover.reason}`);
  }
  const bars = barsView(session);
  const search = useSearch({ vocabulary: stores.vocabulary, actions, session, bars, onLedger });

  useEffect(() => {
    dark.value = (loadTheme(storage) ?? (prefersDark() ? "dark" : "light")) === "dark";
    focus.current = followAnswers(explorer.session);
    const forget = listenForKeys({
      actions,
      session: explorer.session,
      singleKeys: teaching.singleKeys,
      blocked: teaching.blocked,
      onHelp: teaching.openHelp,
      onSearch: search.enter,
      onPresent: teaching.present,
    });
    const close = page.open();
    const closeStores = stores.open();
    return () => {
      closeStores();
      forget();
      focus.current?.stop();
      close();
    };
  }, []);

  const model = modelView(session.model);
  const tokens = useMemo(
    () => stripView(session, page.looks),
    [session.tree, session.look, session.promptScores, display.heat, display.expert],
  );
  return (
    <>
      <Patterns />
      <TopBar
        model={model}
        picker={<Models control={models} session={session} />}
        enabled={session.enabled}
        onEnable={actions.enable}
        share={<Share store={share} session={session} />}
        dark={dark.value}
        onTheme={onTheme}
        onHelp={teaching.openHelp}
      />
      <main id="main" class={session.enabled ? "layout" : "layout model-off"}>
        <h1 class="sr">Next Token: explore what a language model could write next</h1>
        {model.notice && <p class="notice" role="status">{model.notice}</p>}
        <ModelNotices control={models} />
        {share.problem.value !== "" && <Problem text={share.problem.value} onDismiss={share.dismiss} />}
        <div class="left">
          <section class="card doc" aria-label="Prompt and text">
            <PromptBox
              prompt={promptView(session)}
              actions={actions}
              hints={<SessionHints store={stores.hints} />}
              tools={teaching.examples}
            />
            <TextPanel
              text={textView(session, tokens.some((token) => token.heat !== null))}
              tokens={tokens}
              display={display}
              inspecting={session.look !== null}
              ghost={page.peek.ghost}
              actions={actions}
              cardOf={(at) => tokenCard(explorer.session.value, at)}
              onPrompt={() => say("A token of the prompt. Edit the prompt to change it.")}
              onCopy={() => copy(textView(explorer.session.value, false).plain)}
            />
            <RunBar run={runView(session)} display={display} actions={actions} />
          </section>
          <MoreControls
            open={display.expert}
            tab={display.tab}
            tabs={moreTabs(session)}
            panel={{ session, stores, actions, ledgerId: ledgerId.value, onNotice: say }}
          >
            {teaching.tourLink}
          </MoreControls>
        </div>
        <section class="right" id="candidates" tabIndex={-1} aria-labelledby="distribution-label">
          <Distribution
            bars={bars}
            cover={cover}
            settings={session.settings}
            tip={controlTips(session).temperature}
            display={display}
            actions={actions}
            ghost={page.peek.ghost}
            onAppend={(id) => {
              actions.append(id);
              focusFirstBar();
            }}
            onCover={onCover}
            onLedger={onLedger}
            onSearch={search.toggle}
            search={search.panel}
            force={<ForceText store={stores.forced} enabled={isOpen(session)} onForce={actions.force} />}
          />
        </section>
        <Tooltip />
      </main>
      {teaching.overlays}
      <div class="toast" role="status">{toast.value}</div>
      <Announcer text={session.announcement} slow={playOf(session) !== null} />
    </>
  );
}
