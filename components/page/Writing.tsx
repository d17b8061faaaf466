// The left side: prompt, text, the moves on it, and more controls. Every part reads what it shows by itself.
import type { PageModel } from "../../lib/explorer/stores/page_model.ts";
import { tokenCard } from "../../lib/explorer/views/strip_view.ts";
import { MoreControls } from "../more/MoreControls.tsx";
import { moreTabs } from "../more/tabs.tsx";
import { PromptBox } from "../PromptBox.tsx";
import { RunBar } from "../RunBar.tsx";
import { SessionHints } from "../teach/Hints.tsx";
import { Examples, TourLink } from "../teach/teaching.tsx";
import { TextPanel } from "../TextPanel.tsx";

interface PartProps {
  readonly model: PageModel;
}

function Prompt({ model: { views, actions, stores, teaching } }: PartProps) {
  const { model } = views.session.value;
  return (
    <PromptBox
      prompt={views.prompt.value}
      actions={actions}
      hints={<SessionHints store={stores.hints} />}
      tools={<Examples store={teaching} hasChat={model.state === "ready" && model.hasChatTemplate} />}
    />
  );
}

function Text({ model: { views, page, actions, notice, copy } }: PartProps) {
  const { display, look } = views.session.value;
  return (
    <TextPanel
      text={views.text.value}
      tokens={views.tokens.value}
      display={display}
      inspecting={look !== null}
      ghost={page.peek.ghost}
      actions={actions}
      cardOf={(at) => tokenCard(page.explorer.session.peek(), at)}
      onPrompt={() => notice.say("A token of the prompt. Edit the prompt to change it.")}
      onCopy={() => copy(views.text.peek().plain)}
    />
  );
}

function Run({ model: { views, actions } }: PartProps) {
  return <RunBar run={views.run.value} display={views.session.value.display} actions={actions} />;
}

function More({ model: { views, stores, actions, ledgerId, notice, teaching } }: PartProps) {
  const session = views.session.value;
  return (
    <MoreControls
      open={session.display.expert}
      tab={session.display.tab}
      tabs={moreTabs(session)}
      panel={{ session, stores, actions, ledgerId: ledgerId.value, onNotice: notice.say }}
    >
      <TourLink store={teaching} />
    </MoreControls>
  );
}

export function Writing({ model }: PartProps) {
  return (
    <div class="left">
      <section class="card doc" aria-label="Prompt and text">
        <Prompt model={model} />
        <Text model={model} />
        <Run model={model} />
      </section>
      <More model={model} />
    </div>
  );
}
