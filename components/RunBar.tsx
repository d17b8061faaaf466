// The moves on the text: Step, Play, Greedy, undo, redo, reset; with all controls the speed.
import { ChevronsRight, Pause, Play, Redo2, RotateCcw, SkipForward, Undo2 } from "./icons.ts";
import type { Actions } from "../lib/explorer/page/actions.ts";
import { SPEED } from "../lib/explorer/session/new_session.ts";
import type { RunView } from "../lib/explorer/views/page_view.ts";
import type { Display } from "../lib/explorer/session/display.ts";
import { ActionButton } from "./ActionButton.tsx";
import { NumberField } from "./sampling/NumberField.tsx";
import { RangeSlider } from "./sampling/RangeSlider.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { round } from "../lib/basics/round.ts";

/** Notches of the speed slider: milliseconds between two tokens; the last one is as fast as it can. */
const NOTCHES = [2000, 1400, 1000, 700, 500, 400, 250, 180, SPEED.min, 0];

function speedText(speedMs: number): string {
  if (speedMs === 0) return "fastest";
  const rate = 1000 / speedMs;
  return `${round(rate, rate < 3 ? 1 : 0)}/s`;
}

/** The notch nearest to a speed that may come from elsewhere. */
function notchOf(speedMs: number): number {
  if (speedMs === 0) return NOTCHES.length - 1;
  const distances = NOTCHES.slice(0, -1).map((notch) => Math.abs(Math.log(notch / speedMs)));
  return distances.indexOf(Math.min(...distances));
}

function Speed({ display, actions }: { display: Display; actions: Actions }) {
  return (
    <div class="speed">
      <span class="group">
        <span>Speed</span>
        <RangeSlider
          label="Speed of Play"
          min={0}
          max={NOTCHES.length - 1}
          step={1}
          value={notchOf(display.speedMs)}
          spoken={speedText(display.speedMs).replace("/s", " tokens a second")}
          tip="Tokens a second while playing; on the right as fast as it can"
          onValue={(notch) => actions.display({ speedMs: NOTCHES[notch] ?? SPEED.initial })}
        />
        <span class="rate num" aria-hidden="true">{speedText(display.speedMs)}</span>
      </span>
      <label
        class="group"
        data-tip="Play stops after so many tokens, at the end of the text or at a stop sequence."
      >
        <span>At most</span>
        <NumberField
          whole
          value={display.playTokens}
          onValue={(playTokens) => actions.playTokens(playTokens)}
        />
      </label>
    </div>
  );
}

interface RunBarProps {
  readonly run: RunView;
  readonly display: Display;
  readonly actions: Actions;
}

/** The buttons that append tokens. */
function Advance({ run, actions }: Omit<RunBarProps, "display">) {
  const tip = (text: string) => run.step ? text : run.reason;
  return (
    <>
      <ActionButton
        class={run.primary ? "btn primary" : "btn"}
        enabled={run.step}
        tip={tip("Draw one token from the bars  S")}
        onPress={actions.step}
      >
        <SkipForward size={16} strokeWidth={1.8} />Step
      </ActionButton>
      <ActionButton
        class="btn"
        enabled={run.step || run.playing}
        pressed={run.playing}
        tip={run.playing ? "Stop after this token  Space" : tip("Draw token after token  Space")}
        onPress={actions.togglePlay}
      >
        {run.playing ? <Pause size={15} strokeWidth={1.8} /> : <Play size={15} strokeWidth={1.8} />}
        {run.playing ? "Pause" : "Play"}
      </ActionButton>
      <ActionButton
        class="btn"
        enabled={run.step}
        tip={tip("Append the most probable token  G")}
        onPress={actions.greedy}
      >
        <ChevronsRight size={17} strokeWidth={1.8} />Greedy
      </ActionButton>
    </>
  );
}

/** The buttons that lead back. */
function Back({ run, actions }: Omit<RunBarProps, "display">) {
  return (
    <>
      <ActionButton class="ibtn" label="Undo" enabled={run.undo} tip="Undo  Ctrl Z" onPress={actions.undo}>
        <Undo2 size={16} strokeWidth={1.8} />
      </ActionButton>
      <ActionButton
        class="ibtn"
        label="Redo"
        enabled={run.redo}
        tip="Redo  Ctrl Shift Z"
        onPress={actions.redo}
      >
        <Redo2 size={16} strokeWidth={1.8} />
      </ActionButton>
      <ActionButton
        class="btn quiet reset"
        enabled={run.reset}
        tip="Back to the prompt  R"
        onPress={actions.reset}
      >
        <RotateCcw size={15} strokeWidth={1.8} />Reset
      </ActionButton>
    </>
  );
}

export function RunBar({ run, display, actions }: RunBarProps) {
  return (
    <div class="run">
      <Toolbar class="run-bar" label="Run">
        <Advance run={run} actions={actions} />
        <span class="grow" />
        <Back run={run} actions={actions} />
      </Toolbar>
      {display.expert && <Speed display={display} actions={actions} />}
    </div>
  );
}
