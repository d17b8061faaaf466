// Everything of the page that asks the server or waits, besides the session itself: made when the page opens, so that
// components only show it.
import { type ReadonlySignal, signal } from "@preact/signals";
import { createAttributionApi } from "../attribution/api.ts";
import { type AttributionStore, createAttribution } from "../attribution/store.ts";
import type { Api } from "../asking/api.ts";
import { followTyping } from "../asking/follow_typing.ts";
import { createForcedText, type ForcedText } from "../asking/forced_text.ts";
import { createLookAhead, type LookAheadStore } from "../asking/look_ahead_store.ts";
import { createTypedTokens, type TypedTokens } from "../asking/typed_tokens.ts";
import { createVocabulary, type Vocabulary } from "../asking/vocabulary.ts";
import type { ConstraintTools } from "../constraints/tools.ts";
import type { Settings } from "../session/types.ts";
import { createModelApi } from "../models/api.ts";
import { createModelsControl, type ModelsControl } from "../models/control.ts";
import type { NoticeStore } from "../page/notice.ts";
import type { Page } from "../page/page.ts";
import { createHints, type HintsStore } from "../teach/hints_store.ts";
import { createShare, type ShareStore } from "../teach/share_store.ts";

export interface Stores {
  readonly models: ModelsControl;
  readonly share: ShareStore;
  readonly hints: HintsStore;
  readonly forced: ForcedText;
  readonly typedTokens: TypedTokens;
  readonly vocabulary: Vocabulary;
  readonly lookAhead: LookAheadStore;
  readonly attribution: AttributionStore;
  /** Null until the tab that brings them was opened. */
  readonly constraint: ReadonlySignal<ConstraintTools | null>;
  openConstraint(create: (api: Api, constraint: Settings["constraint"]) => ConstraintTools): void;
  /** What a part that is loaded later needs: made with its first call, stopped with the page. */
  late<T extends LateStore>(create: (parts: LateParts) => T): T;
  /** Follows the session. Returns the way to stop everything. */
  open(): () => void;
}

/** A store that comes with the part that shows it. */
export interface LateStore {
  stop(): void;
}

export interface LateParts {
  readonly page: Page;
  /** Says something once, for a moment. */
  readonly onNotice: (text: string) => void;
}

interface StoresOptions {
  readonly page: Page;
  readonly theme: () => "light" | "dark";
  /** Says something once, for a moment. */
  readonly onNotice: NoticeStore["say"];
}

/** What asks or waits on the page; parts that are loaded later bring their store with `late`. */
export function createStores({ page, theme, onNotice }: StoresOptions): Stores {
  const { explorer, api, dispatch, storage, peek, name } = page;
  const models = createModelsControl({ explorer, api: createModelApi(), storage, onNotice });
  const attribution = createAttribution({ explorer, peek, storage, api: createAttributionApi(name) });
  const share = createShare({ page, theme, onNotice, attributions: attribution.all });
  const hints = createHints({ explorer, dispatch, api });
  const forced = createForcedText(explorer, api);
  const typedTokens = createTypedTokens({ explorer, api, onNotice });
  const vocabulary = createVocabulary(api);
  const lookAhead = createLookAhead({ explorer, api, onNotice });
  const constraint = signal<ConstraintTools | null>(null);
  const late = createLate({ page, onNotice });
  return {
    late: late.of,
    ...{ models, share, hints, forced, typedTokens, vocabulary, lookAhead, attribution, constraint },
    openConstraint: (create) => constraint.value ??= create(api, explorer.session.peek().settings.constraint),
    open() {
      const stops = [models.watch(), share.open(), hints.open(), lookAhead.open(), attribution.open()];
      stops.push(forced.open(), followTyping(explorer));
      return () => {
        stops.forEach((stop) => stop());
        typedTokens.stop();
        vocabulary.close();
        constraint.value?.stop();
        late.stop();
      };
    },
  };
}

function createLate(parts: LateParts) {
  const made = new Map<unknown, LateStore>();
  return {
    of<T extends LateStore>(create: (parts: LateParts) => T): T {
      const known = made.get(create) as T | undefined ?? create(parts);
      made.set(create, known);
      return known;
    },
    stop: () => made.forEach((store) => store.stop()),
  };
}
