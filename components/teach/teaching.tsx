/// <reference lib="dom" />
// What helps to begin: examples, hints with their fixes, the tour, the help dialog with the keys, large type.
import { readyModel } from "../../lib/explorer/session/model.ts";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { KEY_HELP } from "../../lib/explorer/page/keys.ts";
import type { LibraryPrompt } from "../../lib/explorer/teach/library.ts";
import { type Page, showPresenting } from "../../lib/explorer/page/page.ts";
import { loadSingleKeys, saveSingleKeys } from "../../lib/explorer/storage/preferences.ts";
import {
  loadPresenting,
  loadTourSeen,
  savePresenting,
  saveTourSeen,
} from "../../lib/explorer/storage/remembered.ts";
import { beginPrompt } from "../../lib/explorer/teach/teaching_moves.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { useLazy } from "../lazy.tsx";
import { PromptLibrary } from "./PromptLibrary.tsx";

interface TeachingOptions {
  readonly page: Page;
  readonly session: Session;
  readonly onNotice: (text: string) => void;
}

interface Teaching {
  /** In the head of the prompt. */
  readonly examples: ComponentChildren;
  /** In the head of "More controls"; null: the tour was ended. */
  readonly tourLink: ComponentChildren | null;
  /** Over the page: the help dialog and the tour's card. */
  readonly overlays: ComponentChildren;
  readonly singleKeys: () => boolean;
  /** The help dialog has the keys. */
  readonly blocked: () => boolean;
  readonly openHelp: () => void;
  readonly present: () => void;
}

export function useTeaching({ page, session, onNotice }: TeachingOptions): Teaching {
  const { storage } = page;
  const help = useSignal(false);
  const library = useSignal(false);
  const step = useSignal<number | null>(null);
  const singleKeys = useSignal(true);
  const presenting = useSignal(false);
  const offered = useSignal(false);
  useEffect(() => {
    singleKeys.value = loadSingleKeys(storage);
    presenting.value = loadPresenting(storage);
    offered.value = !loadTourSeen(storage);
  }, []);
  const Help = useLazy(help.value, () => import("./KeyMap.tsx").then(({ KeyMap }) => KeyMap));
  const Tour = useLazy(step.value !== null, () => import("./Tour.tsx").then(({ Tour }) => Tour));

  const present = (on: boolean) => {
    presenting.value = on;
    savePresenting(storage, on);
    showPresenting(on);
    onNotice(on ? "Large type for a projector." : "Normal type.");
  };
  const onStep = (next: number | null) => {
    step.value = next;
    if (next !== null) return;
    offered.value = false;
    saveTourSeen(storage);
  };
  const choose = ({ source }: LibraryPrompt) => {
    library.value = false;
    page.dispatch((now) => beginPrompt(now, source));
  };
  return {
    examples: (
      <PromptLibrary
        open={library.value}
        hasChat={readyModel(session)?.hasChatTemplate ?? false}
        onOpen={(open) => library.value = open}
        onChoose={choose}
      />
    ),
    tourLink: offered.value && step.value === null
      ? <button type="button" class="btn quiet sm" onClick={() => onStep(0)}>Take the tour</button>
      : null,
    overlays: (
      <>
        {Help !== null && (
          <Help
            open={help.value}
            keys={KEY_HELP}
            singleKeys={singleKeys.value}
            onSingleKeys={(on) => saveSingleKeys(storage, singleKeys.value = on)}
            presenting={presenting.value}
            onPresenting={present}
            onTour={() => onStep(0)}
            onClose={() => help.value = false}
          />
        )}
        {Tour !== null && step.value !== null && <Tour step={step.value} onStep={onStep} />}
      </>
    ),
    singleKeys: () => singleKeys.value,
    blocked: () => help.value,
    openHelp: () => help.value = true,
    present: () => present(!presenting.value),
  };
}
