// The moves on the text: Greedy, undo, redo, reset.
import { ChevronsRight, Redo2, RotateCcw, Undo2 } from "lucide-preact";
import type { RunView } from "../lib/explorer/view.ts";
import { ActionButton } from "./ActionButton.tsx";

interface RunBarProps {
  readonly run: RunView;
  readonly onGreedy: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onReset: () => void;
}

export function RunBar({ run, onGreedy, onUndo, onRedo, onReset }: RunBarProps) {
  return (
    <div class="run" role="toolbar" aria-label="Run">
      <ActionButton
        class={run.primary ? "btn primary" : "btn"}
        enabled={run.greedy}
        tip={run.greedy ? "Append the most probable token  G" : "There is nothing to append to"}
        onPress={onGreedy}
      >
        <ChevronsRight size={17} strokeWidth={1.8} />Greedy
      </ActionButton>
      <span class="grow" />
      <ActionButton class="ibtn" label="Undo" enabled={run.undo} tip="Undo  Ctrl Z" onPress={onUndo}>
        <Undo2 size={16} strokeWidth={1.8} />
      </ActionButton>
      <ActionButton class="ibtn" label="Redo" enabled={run.redo} tip="Redo  Ctrl Shift Z" onPress={onRedo}>
        <Redo2 size={16} strokeWidth={1.8} />
      </ActionButton>
      <ActionButton class="btn quiet reset" enabled={run.reset} tip="Back to the prompt  R" onPress={onReset}>
        <RotateCcw size={15} strokeWidth={1.8} />Reset
      </ActionButton>
    </div>
  );
}
