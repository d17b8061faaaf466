// The left side: prompt, text, the moves on it, and more controls. Every part reads what it shows by itself.
import { attributionLegend, withAttribution } from "../../lib/explorer/attribution/scores.ts";
import { attributionSummary } from "../../lib/explorer/attribution/summary.ts";
import type { PageModel } from "../../lib/explorer/stores/page_model.ts";
import { cardOfToken } from "../../lib/explorer/views/strip_view.ts";
import { MoreControls } from "../more/MoreControls.tsx";
import { listTabs } from "../more/tabs.tsx";
import { PromptBox } from "../PromptBox.tsx";
import { RunBar } from "../RunBar.tsx";
import { SessionHints } from "../teach/Hints.tsx";
import { Examples, TourLink } from "../teach/teaching.tsx";
import { TextPanel } from "../TextPanel.tsx";
import { useMemo } from "preact/hooks";
import { useLazy } from "../lazy.tsx";

interface PartProps {
  readonly model: PageModel;
}

function Prompt({ model: { views, actions, stores, teaching } }: PartProps) {
  const { model, display } = views.session.value;
  return (
    <PromptBox
      prompt={views.prompt.value}
      live={display.live}
      actions={actions}
      hints={<SessionHints store={stores.hints} />}
      tools={<Examples store={teaching} hasChat={model.state === "ready" && model.hasChatTemplate} />}
    />
  );
}

function Text({ model: { views, stores, page, actions, notice, copy } }: PartProps) {
  const { display, inspected } = views.session.value;
  const { attribution } = stores;
  const coloured = display.heat === "attribution";
  const shown = coloured ? attribution.shown.value : null;
  const plain = views.tokens.value;
  const tokens = useMemo(() => coloured ? withAttribution(plain, shown) : plain, [plain, coloured, shown]);
  const text = views.text.value;
  return (
    <TextPanel
      text={shown === null ? text : { ...text, legend: attributionLegend(shown) }}
      tokens={tokens}
      display={display}
      inspecting={inspected !== null}
      ghost={page.peek.ghost}
      actions={actions}
      cardOf={(at) => cardOfToken(page.explorer.session.peek(), at)}
      onPoint={(step) => attribution.point(step === null ? null : { kind: "step", step })}
      onFirst={() => notice.say("Nothing comes before the first token. Edit the prompt to change it.")}
      onCopy={() => copy(views.text.peek().plain)}
    />
  );
}

function Run({ model: { views, actions } }: PartProps) {
  return <RunBar run={views.run.value} display={views.session.value.display} actions={actions} />;
}

function More({ model: { views, page, stores, actions, ledgerId, notice, teaching } }: PartProps) {
  const session = views.session.value;
  return (
    <MoreControls
      open={session.display.expert}
      tab={session.display.tab}
      tabs={listTabs(session, {
        desk: stores.constraint.value?.desk ?? null,
        attribution: attributionSummary(stores.attribution),
      })}
      hidden={views.hidden.value}
      panel={{
        ...{ session, stores, actions, teaching, ghost: page.peek.ghost },
        ledgerId: ledgerId.value,
        onNotice: (text, undoable) =>
          notice.say(text, undoable ? page.explorer.session.peek().tree : undefined),
      }}
    >
      <TourLink store={teaching} />
    </MoreControls>
  );
}

/** What is known of the path, in the place that all controls take when they are open. */
function Numbers({ model: { views } }: PartProps) {
  const session = views.session.value;
  const shown = !session.display.expert;
  const Shown = useLazy(
    shown,
    () => import("../text/PathNumbers.tsx").then(({ PathNumbers }) => PathNumbers),
  );
  return shown && Shown !== null ? <Shown session={session} /> : null;
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
      <Numbers model={model} />
    </div>
  );
}
