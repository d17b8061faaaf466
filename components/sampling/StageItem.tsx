// One stage of the pipeline: handle, name, slider, number, and what it did.
import { ArrowDown, ArrowUp, GripVertical } from "../icons.ts";
import { type ComponentChildren, Fragment } from "preact";
import { useRef } from "preact/hooks";
import type { EffectView, StageRow } from "../../lib/explorer/views/pipeline_view.ts";
import type { Term } from "../../lib/explorer/words/glossary.ts";
import type { Params } from "../../lib/sampling/params.ts";
import type {
  ChoiceControl,
  ChoiceParam,
  IdsControl,
  NumberControl,
  NumberParam,
  SliderControl,
} from "../../lib/explorer/settings/stage_controls.ts";
import { NumberField } from "./NumberField.tsx";
import { RangeSlider } from "./RangeSlider.tsx";
import { formatCoordinate } from "../../lib/basics/round.ts";

/** Mass that stays, and hatched what is gone. */
function MassBar({ kept }: { kept: number }) {
  return (
    <svg class="mass" aria-hidden="true">
      <rect class="mass-gone" width="100%" height="6" />
      <rect class="mass-kept" width={`${formatCoordinate(kept * 100, 2)}%`} height="6" />
    </svg>
  );
}

export function Effect({ effect }: { effect: EffectView }) {
  return (
    <span class="effect">
      <span>{effect.text}</span>
      {effect.keptMass !== null && <MassBar kept={effect.keptMass} />}
    </span>
  );
}

export interface StageCallbacks {
  readonly onNumber: (param: NumberParam, value: number) => void;
  readonly onChoice: (param: ChoiceParam, value: string) => void;
}

function Extra({ control, params, callbacks }: {
  control: NumberControl | ChoiceControl;
  params: Params;
  callbacks: StageCallbacks;
}) {
  return (
    <label class="extra" data-tip={control.tip}>
      <span>{control.label}</span>
      {control.kind === "number"
        ? (
          <NumberField
            value={params[control.param]}
            whole={control.whole}
            onValue={(value) => callbacks.onNumber(control.param, value)}
          />
        )
        : (
          <select
            class="field"
            value={params[control.param]}
            onChange={(event) => callbacks.onChoice(control.param, event.currentTarget.value)}
          >
            {control.options.map(({ value, label }) => (
              <option key={value} value={value} selected={value === params[control.param]}>{label}</option>
            ))}
          </select>
        )}
    </label>
  );
}

/** The setting with the slider, and its number. */
function Main({ control, term, params, callbacks }: {
  control: SliderControl;
  term: Term | undefined;
  params: Params;
  callbacks: StageCallbacks;
}) {
  const { label, tip, param, slider } = control;
  const onValue = (value: number) => callbacks.onNumber(param, value);
  return (
    <>
      <RangeSlider {...slider} label={label} tip={tip} term={term} value={params[param]} onValue={onValue} />
      <NumberField label={`${label}, number`} value={params[param]} onValue={onValue} />
    </>
  );
}

const ARROWS: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

/** The handle: dragged, pressed with Alt and an arrow, or clicked for the two buttons. */
function Grip({ row, movers, onMove, onMovers, onHold }: StageItemProps) {
  const grip = useRef<HTMLButtonElement>(null);
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !movers) return;
    event.stopPropagation();
    onMovers(false);
    grip.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = ARROWS[event.key];
    onEscape(event);
    if (!event.altKey || step === undefined) return;
    event.preventDefault();
    onMove(step);
  };
  return (
    <>
      <button
        type="button"
        class="grip"
        ref={grip}
        aria-label={`Move ${row.label}: Alt and arrow up or down`}
        aria-expanded={movers}
        data-tip="Drag, or Alt ↑ ↓, or click"
        onKeyDown={onKeyDown}
        onPointerDown={() => onHold(true)}
        onClick={() => onMovers(!movers)}
      >
        <GripVertical size={15} strokeWidth={1.8} />
      </button>
      {movers && (
        <span class="movers" onKeyDown={onEscape}>
          <Mover label={`${row.label} up`} place="up" onPress={() => onMove(-1)} />
          <Mover label={`${row.label} down`} place="down" onPress={() => onMove(1)} />
        </span>
      )}
    </>
  );
}

function Mover({ label, place, onPress }: { label: string; place: "up" | "down"; onPress: () => void }) {
  const Icon = place === "up" ? ArrowUp : ArrowDown;
  return (
    <button type="button" class={`ibtn sm ${place}`} aria-label={label} onClick={onPress}>
      <Icon size={15} strokeWidth={1.8} />
    </button>
  );
}

interface StageItemProps {
  readonly row: StageRow;
  readonly params: Params;
  readonly extras: boolean;
  readonly callbacks: StageCallbacks;
  readonly place: "none" | "dragged" | "above" | "below";
  /** Moves the stage one place: -1 up, 1 down. */
  readonly onMove: (step: 1 | -1) => void;
  /** The buttons that move it are shown, for those who neither drag nor have an Alt key. */
  readonly movers: boolean;
  readonly onMovers: (open: boolean) => void;
  /** The handle is held: the row may be dragged. */
  readonly onHold: (held: boolean) => void;
  readonly draggable: boolean;
  /** The field of a setting that is a list of tokens. */
  readonly idsField: (control: IdsControl) => ComponentChildren;
}

export function StageItem(props: StageItemProps) {
  const { row, params, callbacks } = props;
  const { main, extras, description } = row.control;
  const besideBars = row.stage === "temperature"; // a setting has one place
  const place = props.place === "none" ? "" : ` ${props.place}`;
  return (
    <li class={`stage${row.on ? "" : " off"}${place}`} data-stage={row.stage} draggable={props.draggable}>
      <Grip {...props} />
      <span class="name" data-tip={row.term === undefined ? main?.tip : undefined} data-term={row.term}>
        {row.label}
      </span>
      {main === null || besideBars
        ? <span class="description">{besideBars ? "Set beside the bars." : description}</span>
        : <Main control={main} term={row.term} params={params} callbacks={callbacks} />}
      <Effect effect={row.effect} />
      {props.extras && extras.length > 0 && (
        <div class="extras">
          {extras.map((control) =>
            control.kind === "ids"
              ? <Fragment key={control.param}>{props.idsField(control)}</Fragment>
              : <Extra key={control.param} control={control} params={params} callbacks={callbacks} />
          )}
        </div>
      )}
    </li>
  );
}
