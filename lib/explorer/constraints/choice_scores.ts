// What each option of a choice is worth as a whole behind the present prompt: asked once for each prompt and list.
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ChoicesResult } from "../../wire/choices.ts";
import type { Api } from "../asking/api.ts";
import { latest } from "../asking/latest.ts";
import { bodyOfPreview, type PreviewBody } from "../asking/request.ts";
import { readyModel } from "../session/model.ts";
import { placeOf } from "../session/question.ts";
import { rootOf } from "../session/tree.ts";
import type { Session } from "../session/types.ts";

export type ChoiceScores =
  | { readonly kind: "none" } // no choice is on, or there is no prompt
  | { readonly kind: "asking" }
  | { readonly kind: "scored"; readonly result: ChoicesResult }
  | { readonly kind: "failed"; readonly message: string };

export interface ChoiceScoresStore {
  readonly scores: ReadonlySignal<ChoiceScores>;
  /** The page as it is now: asks where its prompt, model or list is another one. */
  follow(session: Session): void;
  stop(): void;
}

/** The scores of whole choices, asked anew when prompt, model or list change. */
export function createChoiceScores(api: Api): ChoiceScoresStore {
  const scores = signal<ChoiceScores>({ kind: "none" });
  const asking = latest((signal, body: PreviewBody) => api.choices(body, signal));
  let asked: string | null = null;

  return {
    scores,
    follow(session) {
      const question = questionOf(session);
      if (question?.key === asked) return;
      asked = question?.key ?? null;
      asking.stop();
      scores.value = { kind: question === undefined ? "none" : "asking" };
      if (question === undefined) return;
      void asking.ask(question.body).then((outcome) => {
        if (outcome.kind === "value") scores.value = { kind: "scored", result: outcome.value };
        if (outcome.kind === "failed") scores.value = { kind: "failed", message: outcome.failure.message };
      });
    },
    stop: asking.stop,
  };
}

function questionOf(session: Session): { readonly key: string; readonly body: PreviewBody } | undefined {
  const { constraint } = session.settings;
  const [node, model] = [placeOf(session), readyModel(session)];
  if (!constraint.enabled || constraint.type !== "multiple_choice" || node === null || model === null) return;
  const root = rootOf(node);
  if (root.read === null) return;
  const key = `${root.id} ${model.key} ${constraint.schema}`;
  return { key, body: bodyOfPreview(root, session.settings, [], model.key) };
}
