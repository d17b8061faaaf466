// The right side: what could come next, the search in its place, and the field that forces text.
import { focusFirstBar, focusPrompt } from "../../lib/explorer/page/focus.ts";
import { modelIdOf } from "../../lib/explorer/session/model.ts";
import { isOpen } from "../../lib/explorer/session/question.ts";
import type { PageModel } from "../../lib/explorer/stores/page_model.ts";
import type { PlaceholderAction, PlaceholderView } from "../../lib/explorer/views/placeholder.ts";
import { Distribution } from "../Distribution.tsx";
import { ForceText } from "../ForceText.tsx";
import { useLazy } from "../lazy.tsx";
import { ReadProgress } from "../ReadProgress.tsx";
import { SearchPanel } from "../more/search.tsx";

interface PartProps {
  readonly model: PageModel;
}

/** What the buttons on the placeholder do. */
function act(
  { actions, stores, page, copy }: PageModel,
  action: PlaceholderAction,
  placeholder: PlaceholderView | null,
): void {
  if (action === "retry") actions.retry();
  else if (action === "edit") focusPrompt();
  else if (action === "enable") actions.enable(true);
  else if (action === "reread") actions.readAgain();
  else if (action === "unconstrain") actions.unconstrain();
  else if (action === "models") stores.models.open(true);
  else if (action === "reload") stores.models.load(modelIdOf(page.explorer.session.peek()) ?? "", null);
  else if (placeholder?.kind === "failed") {
    copy(`${placeholder.title}\n${placeholder.text}\n${placeholder.reason}`);
  }
}

function Force({ model: { views, stores, actions } }: PartProps) {
  return <ForceText store={stores.forced} enabled={isOpen(views.session.value)} onForce={actions.force} />;
}

/** In the place of the bars until a guess is made. */
function Guess({ model: { stores, teaching, actions } }: PartProps) {
  const Panel = useLazy(true, () => import("../teach/GuessPanel.tsx").then(({ GuessPanel }) => GuessPanel));
  return Panel === null ? null : <Panel stores={stores} teaching={teaching} onPin={actions.pin} />;
}

export function Next({ model }: PartProps) {
  const { views, page, actions, search, showLedger, teaching } = model;
  const { settings, display, answer } = views.session.value;
  const hidden = teaching.hides(answer);
  return (
    <section class="right" id="candidates" tabIndex={-1} aria-labelledby="distribution-label">
      <Distribution
        bars={views.bars.value}
        draws={teaching.draws.value}
        placeholder={views.placeholder.value}
        settings={settings}
        hidden={views.hidden.value}
        display={display}
        actions={actions}
        ghost={page.peek.ghost}
        reading={<ReadProgress reading={page.explorer.reading} onStop={actions.stopAsking} />}
        onAppend={(id) => {
          actions.append(id);
          focusFirstBar();
        }}
        onPlaceholder={(action) => act(model, action, views.placeholder.peek())}
        onLedger={showLedger}
        onSearch={search.toggle}
        search={search.open.value ? <SearchPanel model={model} /> : null}
        guess={hidden ? <Guess model={model} /> : null}
        force={<Force model={model} />}
      />
    </section>
  );
}
