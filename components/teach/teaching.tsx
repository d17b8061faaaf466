// What helps to begin, over its store: the examples, the way to the tour, and what lies over the page.
import type { TeachingStore } from "../../lib/explorer/teach/teaching_store.ts";
import { useLazy } from "../lazy.tsx";
import { PromptLibrary } from "./PromptLibrary.tsx";

interface StoreProps {
  readonly store: TeachingStore;
}

/** In the head of the prompt. */
export function Examples({ store, hasChat }: StoreProps & { readonly hasChat: boolean }) {
  const open = store.library.value;
  const Topics = useLazy(open, () => import("./PromptTopics.tsx").then(({ PromptTopics }) => PromptTopics));
  return (
    <PromptLibrary open={open} onOpen={store.showLibrary}>
      {Topics === null ? null : <Topics hasChat={hasChat} onChoose={store.choose} />}
    </PromptLibrary>
  );
}

/** In the head of "More controls", until the tour was ended once. */
export function TourLink({ store }: StoreProps) {
  if (!store.offered.value || store.step.value !== null) return null;
  return <button type="button" class="btn quiet sm" onClick={() => store.goTo(0)}>Take the tour</button>;
}

/** Over the page: the help dialog and the tour's card. */
export function Overlays({ store }: StoreProps) {
  const [help, step] = [store.help.value, store.step.value];
  const Help = useLazy(help, () => import("./KeyMap.tsx").then(({ KeyMap }) => KeyMap));
  const Tour = useLazy(step !== null, () => import("./Tour.tsx").then(({ Tour }) => Tour));
  return (
    <>
      {Help !== null && (
        <Help
          open={help}
          singleKeys={store.singleKeys.value}
          onSingleKeys={store.useSingleKeys}
          presenting={store.presenting.value}
          onPresenting={store.present}
          onTour={() => store.goTo(0)}
          onClose={() => store.showHelp(false)}
        />
      )}
      {Tour !== null && step !== null && <Tour step={step} onStep={store.goTo} />}
    </>
  );
}
