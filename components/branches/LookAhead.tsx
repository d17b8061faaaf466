// The look-ahead tree with its controls: how far, how much of the probability, how many questions at most.
import { GitFork } from "../icons.ts";
import { useEffect } from "preact/hooks";
import { pathText } from "../../lib/explorer/session/path_text.ts";
import { saveFile } from "../../lib/explorer/share/exports/browser.ts";
import { exportName } from "../../lib/explorer/share/exports/file.ts";
import { aheadCsv } from "../../lib/explorer/asking/ahead_view.ts";
import {
  type Ahead,
  AHEAD_CHOICES,
  type AheadChoice,
  aheadSummary,
  findAheadPlace,
  FIRST_AHEAD,
  goAhead,
} from "../../lib/explorer/asking/look_ahead.ts";
import type { Term } from "../../lib/explorer/words/glossary.ts";
import { ActionButton } from "../ActionButton.tsx";
import { useKept } from "../kept.ts";
import type { PanelProps } from "../more/panel_props.ts";
import { type AheadPicture, LookAheadTree } from "./LookAheadTree.tsx";

interface PickProps {
  readonly label: string;
  readonly term: Term;
  readonly value: number;
  readonly options: readonly number[];
  readonly unit?: string;
  readonly onValue: (value: number) => void;
}

function Pick({ label, term, value, options, unit = "", onValue }: PickProps) {
  return (
    <label class="group" data-term={term}>
      <span>{label}</span>
      <select
        class="field num"
        aria-label={label}
        value={value}
        onChange={(event) => onValue(Number(event.currentTarget.value))}
      >
        {options.map((option) => (
          <option key={option} value={option} selected={option === value}>{`${option}${unit}`}</option>
        ))}
      </select>
    </label>
  );
}

interface ControlsProps {
  readonly choice: AheadChoice;
  readonly onChoice: (choice: AheadChoice) => void;
  /** There is something to go on from. */
  readonly possible: boolean;
  readonly working: boolean;
  readonly onStart: () => void;
}

function AheadControls({ choice, onChoice, possible, working, onStart }: ControlsProps) {
  const set = (change: Partial<AheadChoice>) => onChoice({ ...choice, ...change });
  const tip = possible
    ? "Ask for the most probable continuations, best first"
    : "There is nothing to go on from";
  return (
    <div class="bar wrap">
      <Pick
        label="Tokens ahead"
        term="look_ahead_depth"
        value={choice.depth}
        options={AHEAD_CHOICES.depth}
        onValue={(depth) => set({ depth })}
      />
      <Pick
        label="Until it knows"
        term="look_ahead_mass"
        value={choice.percent}
        options={AHEAD_CHOICES.percent}
        unit=" %"
        onValue={(percent) => set({ percent })}
      />
      <Pick
        label="Model runs at most"
        term="look_ahead_budget"
        value={choice.budget}
        options={AHEAD_CHOICES.budget}
        onValue={(budget) => set({ budget })}
      />
      <span class="grow" />
      <ActionButton class="btn sm" enabled={possible && !working} tip={tip} onPress={onStart}>
        <GitFork size={15} strokeWidth={1.7} />Look ahead
      </ActionButton>
    </div>
  );
}

function save({ place, tree }: Ahead): void {
  const name = exportName("csv", { text: pathText(place), date: new Date() });
  saveFile({ name, type: "text/csv", content: aheadCsv(tree) });
}

export function LookAhead({ session, actions, stores }: PanelProps) {
  const { lookAhead } = stores;
  const [choice, setChoice] = useKept(stores, "look ahead", FIRST_AHEAD);
  const [picture, setPicture] = useKept<AheadPicture>(stores, "picture of what could follow", "tree");
  useEffect(() => lookAhead.stop, []);
  const [ahead, working] = [lookAhead.ahead.value, lookAhead.working.value];
  return (
    <section class="look-ahead" aria-label="Look ahead">
      <AheadControls
        choice={choice}
        onChoice={setChoice}
        possible={findAheadPlace(session) !== null}
        working={working}
        onStart={() => lookAhead.start(choice)}
      />
      {ahead === null ? <p class="note">{working ? "Asking…" : AHEAD_NOTE}</p> : (
        <LookAheadTree
          tree={ahead.tree}
          working={working}
          summary={aheadSummary(ahead)}
          onGo={(key) => actions.dispatch((now) => goAhead(now, ahead, key))}
          picture={picture}
          onPicture={setPicture}
          onStop={lookAhead.stop}
          onSave={() => save(ahead)}
        />
      )}
    </section>
  );
}

const AHEAD_NOTE = "The most probable ways to go on as a tree. A press on a token goes there.";
