// The top bar over the page's stores, and the notices under it.
import { modelView } from "../../lib/explorer/models/badge.ts";
import type { PageModel } from "../../lib/explorer/stores/page_model.ts";
import { ModelNotices, Models, Problem, Warning } from "../models/models.tsx";
import { Share } from "../share/share.tsx";
import { TopBar } from "../TopBar.tsx";

export function Head({ model }: { model: PageModel }) {
  const { views, stores, actions, theme, teaching } = model;
  const session = views.session.value;
  return (
    <TopBar
      model={modelView(session.model)}
      picker={<Models control={stores.models} session={session} />}
      enabled={session.enabled}
      onEnable={actions.enable}
      share={<Share store={stores.share} session={session} />}
      dark={theme.theme.value === "dark"}
      onTheme={theme.toggle}
      onHelp={() => teaching.showHelp(true)}
      presenting={teaching.presenting.value}
      onPresent={() => teaching.present(!teaching.presenting.value)}
    />
  );
}

/** What the user should know about the model and about what was tried. */
export function Notices({ model: { views, stores: { models, share } } }: { model: PageModel }) {
  const { notice } = modelView(views.session.value.model);
  return (
    <div class="notices">
      {notice && <Warning key={notice} text={notice} />}
      <ModelNotices control={models} />
      {share.problem.value !== "" && <Problem text={share.problem.value} onDismiss={share.dismiss} />}
    </div>
  );
}
