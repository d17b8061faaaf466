// The look-ahead tree with its controls: how far, how much of the probability, how many questions at most.
import { GitFork } from "../icons.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { failureOf } from "../../lib/explorer/asking/api.ts";
import {
  type Ahead,
  AHEAD_CHOICES,
  type AheadChoice,
  aheadPlace,
  aheadSummary,
  FIRST_AHEAD,
  goAhead,
  isAheadCurrent,
  lookAhead,
} from "../../lib/explorer/asking/look_ahead.ts";
import { ActionButton } from "../ActionButton.tsx";
import type { PanelProps } from "../more/panel_props.ts";
import { LookAheadTree } from "./LookAheadTree.tsx";

interface PickProps {
  readonly label: string;
  readonly value: number;
  readonly options: readonly number[];
  readonly unit?: string;
  readonly onValue: (value: number) => void;
}

function Pick({ label, value, options, unit = "", onValue }: PickProps) {
  return (
    <label class="group">
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

/** Runs one look ahead at a time; what it found goes when the text or the settings change. */
function useAhead({ session, api, onNotice }: PanelProps) {
  const [ahead, setAhead] = useState<Ahead | null>(null);
  const [working, setWorking] = useState(false);
  const running = useRef<AbortController | null>(null);
  const stop = () => {
    running.current?.abort();
    running.current = null;
    setWorking(false);
    setAhead((now) => now === null || now.end !== null ? now : { ...now, end: "stopped" });
  };
  const start = async (choice: AheadChoice) => {
    const place = aheadPlace(session);
    if (place === null) return;
    running.current?.abort();
    const controller = running.current = new AbortController();
    setWorking(true);
    try {
      for await (const next of lookAhead(session, place, choice, { api, signal: controller.signal })) {
        if (controller.signal.aborted) return;
        setAhead(next);
      }
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== null && !controller.signal.aborted) onNotice(failure.message);
    }
    if (running.current === controller) stop();
  };
  const stale = ahead !== null && !isAheadCurrent(session, ahead);
  useEffect(() => {
    if (!stale) return;
    stop();
    setAhead(null);
  }, [stale]);
  useEffect(() => () => running.current?.abort(), []);
  return { ahead: stale ? null : ahead, working, start, stop };
}

export function LookAhead(props: PanelProps) {
  const { session, actions } = props;
  const [choice, setChoice] = useState(FIRST_AHEAD);
  const { ahead, working, start, stop } = useAhead(props);
  const possible = aheadPlace(session) !== null;
  const set = (change: Partial<AheadChoice>) => setChoice({ ...choice, ...change });
  return (
    <section class="look-ahead" aria-label="Look ahead">
      <div class="bar wrap">
        <Pick
          label="Tokens"
          value={choice.depth}
          options={AHEAD_CHOICES.depth}
          onValue={(depth) => set({ depth })}
        />
        <Pick
          label="Until"
          value={choice.percent}
          options={AHEAD_CHOICES.percent}
          unit=" %"
          onValue={(percent) => set({ percent })}
        />
        <Pick
          label="Questions at most"
          value={choice.budget}
          options={AHEAD_CHOICES.budget}
          onValue={(budget) => set({ budget })}
        />
        <span class="grow" />
        <ActionButton
          class="btn sm"
          enabled={possible && !working}
          tip={possible
            ? "Ask for the most probable continuations, best first"
            : "There is nothing to go on from"}
          onPress={() => void start(choice)}
        >
          <GitFork size={15} strokeWidth={1.7} />Look ahead
        </ActionButton>
      </div>
      {ahead === null ? <p class="note">{working ? "Asking…" : AHEAD_NOTE}</p> : (
        <LookAheadTree
          tree={ahead.tree}
          working={working}
          summary={aheadSummary(ahead)}
          onGo={(key) => actions.dispatch((now) => goAhead(now, ahead, key))}
          onStop={stop}
        />
      )}
    </section>
  );
}

const AHEAD_NOTE = "The most probable ways to go on as a tree. A press on a token goes there.";
