// The tab "Constraint": its kind, the text that is written, and what it does at the place of the bars.
import { useMemo } from "preact/hooks";
import type { ComponentChildren } from "preact";
import {
  CONSTRAINT_KINDS,
  CONSTRAINT_TYPES,
  type ConstraintSettings,
  type ConstraintType,
  DEFAULT_CONSTRAINT_SETTINGS,
  PROPERTY_ORDERS,
  WHITESPACE_POLICIES,
} from "../../lib/sampling/constraint_kinds.ts";
import type { ConstraintDraft } from "../../lib/explorer/constraints/desk.ts";
import { EXAMPLES } from "../../lib/explorer/constraints/examples.ts";
import { ORDER_LABELS, WHITESPACE_LABELS } from "../../lib/explorer/constraints/json_settings.ts";
import type { Position, Refused, Valid } from "../../lib/explorer/constraints/protocol.ts";
import type { BarredView, XrayView } from "../../lib/explorer/constraints/xray_view.ts";
import type { Term } from "../../lib/explorer/words/glossary.ts";
import { Segmented } from "../Segmented.tsx";
import { Automaton } from "./Automaton.tsx";
import { ConstraintEditor } from "./ConstraintEditor.tsx";
import { Xray } from "./Xray.tsx";

const KINDS: readonly { value: ConstraintType | "off"; label: string; term?: Term }[] = [
  { value: "off", label: "Off" },
  ...CONSTRAINT_TYPES.map((value) => {
    const { label, term } = CONSTRAINT_KINDS[value];
    return { value, label, term };
  }),
];

interface ConstraintPanelProps {
  readonly draft: ConstraintDraft;
  readonly checked: Valid | Refused | null;
  readonly position: Position | null;
  readonly xray: XrayView | null;
  readonly barred: BarredView | null;
  readonly onKind: (kind: ConstraintType | "off") => void;
  readonly onWrite: (text: string) => void;
  readonly onSettings: (settings: ConstraintSettings) => void;
  readonly onForced: () => void;
  /** Below the editor: the scores of whole choices. */
  readonly children?: ComponentChildren;
}

function Examples({ type, onWrite }: { type: ConstraintType; onWrite: (text: string) => void }) {
  return (
    <p class="constraint-examples">
      <span class="note">Examples</span>
      {EXAMPLES[type].map(({ label, schema }) => (
        <button
          key={label}
          type="button"
          class="chip"
          onClick={() => onWrite(schema)}
        >
          {label}
        </button>
      ))}
    </p>
  );
}

interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly values: readonly V[];
  readonly labels: Readonly<Record<V, string>>;
  readonly onChange: (value: V) => void;
}

function Select<V extends string>({ label, value, values, labels, onChange }: SelectProps<V>) {
  return (
    <select
      class="field"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as V)}
    >
      {values.map((each) => <option key={each} value={each}>{labels[each]}</option>)}
    </select>
  );
}

function JsonSettings({ draft, onSettings }: Pick<ConstraintPanelProps, "draft" | "onSettings">) {
  const settings = draft.settings ?? DEFAULT_CONSTRAINT_SETTINGS;
  return (
    <div class="json-settings">
      <Select
        label="White space"
        value={settings.whitespace}
        values={WHITESPACE_POLICIES}
        labels={WHITESPACE_LABELS}
        onChange={(whitespace) => onSettings({ ...settings, whitespace })}
      />
      <Select
        label="Order of members"
        value={settings.property_order}
        values={PROPERTY_ORDERS}
        labels={ORDER_LABELS}
        onChange={(property_order) => onSettings({ ...settings, property_order })}
      />
    </div>
  );
}

/** What the check says of a valid constraint. */
function okText({ options, notes }: Valid): string {
  const said = options === null ? "Valid." : `${options} choice${options === 1 ? "" : "s"}.`;
  return [said, ...notes].join(" ");
}

function noteOf({ checked }: ConstraintPanelProps): string {
  if (checked === null) return "Checking…";
  return "refused" in checked
    ? "Not applied. The bars show the model without the constraint."
    : "Start a text to see what the constraint does.";
}

function Written(props: ConstraintPanelProps) {
  const { draft, checked, position, onWrite } = props;
  const next = useMemo(() => position?.expected.flatMap(({ span }) => span ?? []) ?? [], [position]);
  const valid = checked !== null && !("refused" in checked) ? checked : null;
  return (
    <>
      <div class="constraint-columns">
        <div>
          <h3 class="sub">{CONSTRAINT_KINDS[draft.type].about}</h3>
          <ConstraintEditor
            label={CONSTRAINT_KINDS[draft.type].label}
            text={draft.schema}
            checked={checked}
            ok={valid === null ? "" : okText(valid)}
            next={next}
            onWrite={onWrite}
          />
          <Examples type={draft.type} onWrite={onWrite} />
          {draft.type === "json_schema" && <JsonSettings draft={draft} onSettings={props.onSettings} />}
        </div>
        <Xray
          view={props.xray}
          note={noteOf(props)}
          barred={props.barred}
          onForced={props.onForced}
          onOff={() => props.onKind("off")}
        />
      </div>
      {valid?.automaton && <Automaton automaton={valid.automaton} here={position?.state ?? null} />}
      {props.children}
    </>
  );
}

export function ConstraintPanel(props: ConstraintPanelProps) {
  const { draft, onKind } = props;
  return (
    <div class="constraint">
      <Segmented
        label="Kind of constraint"
        value={draft.on ? draft.type : "off"}
        options={KINDS}
        onChange={onKind}
      />
      {draft.on ? <Written {...props} /> : (
        <p class="note">
          No constraint: every token may follow. Choose a kind to block the tokens that would break the rule
          before one is drawn.
        </p>
      )}
    </div>
  );
}
