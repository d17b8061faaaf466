// The token under the pointer or the focus: what is known of it shows at once, the rest is asked for when the pointer
// rests and nothing else is open.
import type { Explorer } from "../asking/explorer.ts";
import { scoresTokens } from "../../wire/attribution_methods.ts";
import { isQuick } from "./methods.ts";
import type { Run } from "./run.ts";
import { type Aim, countContext, type Query } from "./subject.ts";
import type { Selection, Views } from "./selection.ts";

const REST_MS = 160;

interface PointingParts {
  readonly selection: Selection;
  readonly views: Views;
  readonly run: Run;
}

/** Asks for what the pointer rests on, where that is quick. */
export function createPointing(explorer: Explorer, { selection, views, run }: PointingParts) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function findWanted(): Query | null {
    const { enabled, display } = explorer.session.value;
    const subject = selection.passing.value;
    if (!enabled || display.heat !== "attribution" || subject === null) return null;
    const mayAsk = scoresTokens(selection.choice.value.method) &&
      isQuick(selection.choice.value, countContext(subject)) && views.measuredOrNot(subject) === null;
    return mayAsk && (run.running.value === null || run.running.value.passing)
      ? selection.queryFor(subject, { faithfulness: false })
      : null;
  }
  return {
    stop: () => clearTimeout(timer),
    point(aim: Aim | null): void {
      if (JSON.stringify(aim) === JSON.stringify(selection.pointed.value)) return;
      clearTimeout(timer);
      if (run.running.value?.passing) run.cancel();
      selection.pointed.value = aim;
      if (findWanted() === null) return;
      timer = setTimeout(() => {
        const query = findWanted();
        if (query !== null) void run.start(query, true);
      }, REST_MS);
    },
  };
}
