// What the page shows, each part computed again only where something that it depends on has changed: a letter that is
// typed into the prompt derives neither bars nor tokens.
import { computed, type ReadonlySignal } from "@preact/signals";
import { endsWithSpace, isDirty } from "../moves/prompt_moves.ts";
import { currentTip } from "../session/branches.ts";
import type { Session } from "../session/types.ts";
import { listHidden } from "../settings/hidden.ts";
import { rememberBars } from "./bars_memory.ts";
import type { BarsView } from "./bars_view.ts";
import {
  isRushing,
  type PromptView,
  promptView,
  type RunView,
  runView,
  type TextView,
  textView,
} from "./page_view.ts";
import { type PlaceholderView, placeholderView } from "./placeholder.ts";
import { type DrawnTokens, type StripToken, stripView } from "./strip_view.ts";

export interface Views {
  /** The session for all that does not show the draft, which may be an older one in it: it stays the same session
   * while one types into the prompt. */
  readonly session: ReadonlySignal<Session>;
  readonly prompt: ReadonlySignal<PromptView>;
  readonly tokens: ReadonlySignal<readonly StripToken[]>;
  readonly text: ReadonlySignal<TextView>;
  readonly run: ReadonlySignal<RunView>;
  /** Tokens come as fast as they can be computed: nothing moves on its way. */
  readonly rushing: ReadonlySignal<boolean>;
  readonly bars: ReadonlySignal<BarsView | null>;
  /** Shown in place of the bars; null: the bars can be shown. */
  readonly placeholder: ReadonlySignal<PlaceholderView | null>;
  /** What "More controls" has in force while it is closed, in words. */
  readonly hidden: ReadonlySignal<readonly string[]>;
}

/** The views of a session. `drawnTokens` belongs to the page. `dragging`: a slider is held. */
export function createViews(
  session: ReadonlySignal<Session>,
  drawnTokens: DrawnTokens,
  dragging: ReadonlySignal<boolean>,
): Views {
  const settled = ignoreDraft(session);
  const dirty = computed(() => currentTip(session.value.tree) === null || isDirty(session.value));
  const spaceAtEnd = computed(() => endsWithSpace(session.value));
  const tokens = stripOf(settled, drawnTokens);
  const bars = rememberBars();
  const coloured = computed(() => tokens.value.some((token) => token.heat !== null));
  return {
    session: settled,
    prompt: computed(() => promptView(session.value)),
    tokens,
    text: computed(() => textView(settled.value, { coloured: coloured.value, spaceAtEnd: spaceAtEnd.value })),
    run: computed(() => runView(settled.value, dirty.value)),
    rushing: computed(() => isRushing(settled.value)),
    bars: computed(() => bars(settled.value, dragging.value)),
    placeholder: computed(() => placeholderView(session.value)),
    hidden: computed(() => {
      const { settings, display } = settled.value;
      return display.expert ? [] : listHidden(settings);
    }),
  };
}

function ignoreDraft(session: ReadonlySignal<Session>): ReadonlySignal<Session> {
  let last = session.peek();
  return computed(() => {
    const now = session.value;
    const names = Object.keys(now) as (keyof Session)[];
    if (names.some((name) => name !== "draft" && now[name] !== last[name])) last = now;
    return last;
  });
}

/** The tokens of the text, as long as nothing is changed that they show. */
function stripOf(
  session: ReadonlySignal<Session>,
  drawnTokens: DrawnTokens,
): ReadonlySignal<readonly StripToken[]> {
  const shownOf = ({ tree, inspected, promptScores, display: { heat, expert } }: Session) =>
    [tree, inspected, promptScores, heat, expert] as const;
  let before: ReturnType<typeof shownOf> | null = null;
  let tokens: readonly StripToken[] = [];
  return computed(() => {
    const shown = shownOf(session.value);
    if (before === null || shown.some((value, at) => value !== before![at])) {
      tokens = stripView(session.value, drawnTokens);
    }
    before = shown;
    return tokens;
  });
}
