// The token under the pointer or the focus: what is known of it shows at once, the rest is asked for when the pointer
// rests and nothing else is open.
import type { Explorer } from "../asking/explorer.ts";
import { isQuick, methodRow } from "./methods.ts";
import type { Run } from "./run.ts";
import { type Aim, contextLength, type Wish } from "./subject.ts";
import type { Views, Wishes } from "./wishes.ts";

const REST_MS = 160;

interface PointingParts {
  readonly wishes: Wishes;
  readonly views: Views;
  readonly run: Run;
}

/** Asks for what the pointer rests on, where that is quick. */
export function createPointing(explorer: Explorer, { wishes, views, run }: PointingParts) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function wanted(): Wish | null {
    const { enabled, display } = explorer.session.value;
    const subject = wishes.passing.value;
    if (!enabled || display.heat !== "attribution" || subject === null) return null;
    const mayAsk = methodRow(wishes.choice.value.method).scoresTokens &&
      isQuick(wishes.choice.value, contextLength(subject)) && views.measuredOrNot(subject) === null;
    return mayAsk && (run.running.value === null || run.running.value.passing)
      ? wishes.wishOf(subject, { faithfulness: false })
      : null;
  }
  return {
    stop: () => clearTimeout(timer),
    point(aim: Aim | null): void {
      if (JSON.stringify(aim) === JSON.stringify(wishes.pointed.value)) return;
      clearTimeout(timer);
      if (run.running.value?.passing) run.cancel();
      wishes.pointed.value = aim;
      if (wanted() === null) return;
      timer = setTimeout(() => {
        const wish = wanted();
        if (wish !== null) void run.start(wish, true);
      }, REST_MS);
    },
  };
}
