/// <reference lib="dom" />
// The stages from the model's output to the draw, in the order they run. Reordered by dragging a handle, on it with
// Alt and the arrows, or with the two buttons it opens.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { IdsControl } from "../../lib/explorer/settings/stage_controls.ts";
import {
  type EffectView,
  moreLabel,
  movableStagesOf,
  type PipelineView,
} from "../../lib/explorer/views/pipeline_view.ts";
import type { OrderedStage, Params } from "../../lib/sampling/params.ts";
import { Explained } from "../Explained.tsx";
import { Effect, type StageCallbacks, StageItem } from "./StageItem.tsx";

interface Drag {
  readonly stage: OrderedStage;
  readonly over: OrderedStage | null;
}

interface PipelineProps {
  readonly view: PipelineView;
  readonly params: Params;
  readonly callbacks: StageCallbacks;
  /** "More stages" is open. */
  readonly all: boolean;
  readonly onAll: (open: boolean) => void;
  /** The field of a setting that is a list of tokens. */
  readonly idsField: (control: IdsControl) => ComponentChildren;
  /** Puts a stage in the place of another one. */
  readonly onMove: (stage: OrderedStage, target: OrderedStage) => void;
}

/** Where a dragged stage would land, as a line on the row it is over. */
function placeOf(stage: OrderedStage, drag: Drag | null, order: readonly OrderedStage[]) {
  if (drag === null) return "none";
  if (drag.stage === stage) return "dragged";
  if (drag.over !== stage) return "none";
  return order.indexOf(drag.stage) < order.indexOf(stage) ? "below" : "above";
}

/** Dragging with the mouse: begins on a handle only, so that sliders keep theirs. */
function useDrag(onMove: PipelineProps["onMove"]) {
  const [held, setHeld] = useState<OrderedStage | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const end = () => {
    setHeld(null);
    setDrag(null);
  };
  const stageAt = (event: DragEvent) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-stage]") : null;
    return (item?.dataset.stage ?? null) as OrderedStage | null;
  };
  return {
    held,
    setHeld,
    drag,
    handlers: {
      onDragStart: (event: DragEvent) => {
        if (held === null) return event.preventDefault();
        event.dataTransfer?.setData("text/plain", held);
        setDrag({ stage: held, over: null });
      },
      onDragOver: (event: DragEvent) => {
        if (drag === null) return;
        event.preventDefault();
        const over = stageAt(event);
        if (over !== drag.over) setDrag({ ...drag, over });
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        const target = stageAt(event);
        if (drag !== null && target !== null && target !== drag.stage) onMove(drag.stage, target);
        end();
      },
      onDragEnd: end,
      onPointerUp: () => setHeld(null),
      onPointerLeave: () => drag === null && setHeld(null),
    },
  };
}

/** Moves a stage by one place; the focus stays on the button that did it. */
function useMoveBy(order: readonly OrderedStage[], onMove: PipelineProps["onMove"]) {
  const refocus = useRef<HTMLElement | null>(null);
  useEffect(() => {
    // A row that has moved in the document may have lost the focus.
    refocus.current?.focus();
    refocus.current = null;
  }, [order.join()]);
  return (stage: OrderedStage, step: 1 | -1) => {
    const target = order[order.indexOf(stage) + step];
    if (target === undefined) return;
    const focused = document.activeElement;
    refocus.current = focused instanceof HTMLElement ? focused : null;
    onMove(stage, target);
  };
}

/** A row that is no stage: where the pipeline begins and ends. */
function End({ name, children, effect }: { name: string; children: ComponentChildren; effect: EffectView }) {
  return (
    <li class="stage end">
      <span class="name">{name}</span>
      <span class="description">{children}</span>
      <Effect effect={effect} />
    </li>
  );
}

/** What follows the stages of the settings. */
function Ends({ view }: Pick<PipelineProps, "view">) {
  return (
    <>
      {view.listed !== null && (
        <End name="Listed" effect={view.listed}>
          The engine gives no single probabilities of the others: they cannot be drawn.
        </End>
      )}
      {view.greedy !== null && (
        <End name="Greedy" effect={view.greedy}>Only the most probable token stays.</End>
      )}
      <End name="Draw" effect={{ text: view.drawn, keptMass: null }}>
        What is left is scaled back to 100 % and one token is drawn.
      </End>
    </>
  );
}

export function Pipeline({ view, params, callbacks, all, onAll, idsField, onMove }: PipelineProps) {
  const [movers, setMovers] = useState<OrderedStage | null>(null);
  const { held, setHeld, drag, handlers } = useDrag(onMove);
  const order = movableStagesOf(view);
  const moveBy = useMoveBy(order, onMove);
  return (
    <ol class="pipeline" aria-label="Stages, in the order they run" {...handlers}>
      <End name="Model output" effect={{ text: view.vocabulary, keptMass: null }}>
        <Explained term="softmax_output">{view.output}</Explained>
      </End>
      {view.rows.map((row) => (
        <StageItem
          key={row.stage}
          row={row}
          params={params}
          extras={all}
          callbacks={callbacks}
          place={placeOf(row.stage, drag, order)}
          draggable={held === row.stage}
          onMove={(step) => moveBy(row.stage, step)}
          movers={movers === row.stage}
          onMovers={(open) => setMovers(open ? row.stage : null)}
          onHold={(on) => setHeld(on ? row.stage : null)}
          idsField={idsField}
        />
      ))}
      <li class="stage-more">
        <button type="button" class="btn quiet sm" aria-expanded={all} onClick={() => onAll(!all)}>
          {moreLabel(view)}
        </button>
      </li>
      <Ends view={view} />
    </ol>
  );
}
