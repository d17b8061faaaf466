/// <reference lib="dom" />
// The page: its parts in their places. Each reads what it shows from the page's model, where everything is decided.
import { IS_BROWSER } from "fresh/runtime";
import { useLayoutEffect, useState } from "preact/hooks";
import { Announcer } from "../components/Announcer.tsx";
import { Head, Notices } from "../components/page/Head.tsx";
import { Next } from "../components/page/Next.tsx";
import { Writing } from "../components/page/Writing.tsx";
import { Patterns } from "../components/sampling/Patterns.tsx";
import { Overlays } from "../components/teach/teaching.tsx";
import { Tooltip } from "../components/Tooltip.tsx";
import { playOf } from "../lib/explorer/session/activity.ts";
import { createPageModel, type PageModel } from "../lib/explorer/stores/page_model.ts";
import type { Term } from "../lib/explorer/words/glossary.ts";
import type { ModelStatus } from "../lib/wire/models.ts";

async function glossaryOf({ views }: PageModel) {
  const { explainNow } = await import("../lib/explorer/views/explained.ts");
  return (term: Term) => explainNow(term, views.session.peek());
}

/** What has just been done, for a moment, with the way to take it back. */
function Toast({ model: { views, notice, actions } }: { model: PageModel }) {
  const now = notice.shown.value;
  const undoable = now !== null && now.undoes === views.session.value.tree;
  const undo = () => {
    actions.undo();
    notice.close();
  };
  return (
    <div class="toast" role="status">
      {now?.text}
      {undoable && <button type="button" onClick={undo}>Undo</button>}
    </div>
  );
}

/** What is said once, in writing and for those who hear the page. */
function Said({ model }: { model: PageModel }) {
  const { views, teaching } = model;
  const session = views.session.value;
  const hidden = teaching.hides(session.answer);
  const said = hidden
    ? session.announcement.replace(/Next most likely:.*/s, "Guess what comes next.")
    : session.announcement;
  return (
    <>
      <Toast model={model} />
      <Announcer text={said} slow={playOf(session) !== null} />
    </>
  );
}

/** `status`: the model when the page was served; `prompt`: what its prompt box begins with. */
export default function Explorer({ status, prompt }: { status: ModelStatus; prompt: string }) {
  const [model] = useState(() => createPageModel({ status, prompt, inBrowser: IS_BROWSER }));
  useLayoutEffect(model.open, []); // before the next paint and key: what was typed early is put back
  const { enabled } = model.views.session.value;
  const marks = (enabled ? "" : " model-off") + (model.views.rushing.value ? " rushing" : "");
  return (
    <>
      <Patterns />
      <Head model={model} />
      <main id="main" class={`layout${marks}`}>
        <h1 class="sr">Next Token: explore what a language model could write next</h1>
        <Notices model={model} />
        <Writing model={model} />
        <Next model={model} />
        <Tooltip glossary={() => glossaryOf(model)} />
      </main>
      <Overlays store={model.teaching} />
      <Said model={model} />
    </>
  );
}
