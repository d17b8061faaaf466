// Where a constraint is written: a text box over the same text with its marks, and below what the check says.
import { useMemo } from "preact/hooks";
import { type MarkedLine, markLines } from "../../lib/explorer/constraints/marked_text.ts";
import type { Problem, Refused, Span, Valid } from "../../lib/explorer/constraints/protocol.ts";
import { Check, TriangleAlert } from "../icons.ts";

interface ConstraintEditorProps {
  readonly label: string;
  readonly text: string;
  /** Null while it is checked. */
  readonly checked: Valid | Refused | null;
  /** What the check says of a valid constraint. */
  readonly ok: string;
  /** Where the page's text stands. */
  readonly next: readonly Span[];
  readonly onWrite: (text: string) => void;
}

function Line({ line: { pieces, wrong } }: { line: MarkedLine }) {
  return (
    <div class={wrong ? "code-line wrong" : "code-line"}>
      {pieces.map(({ text, mark }, at) => mark === null ? text : <mark key={at} class={mark}>{text}</mark>)}
      {"\n"}
    </div>
  );
}

function Trouble({ problem }: { problem: Problem }) {
  const { place, pointer, message } = problem;
  return (
    <p class="check-bad" role="alert" id="constraint-problem">
      <TriangleAlert size={14} strokeWidth={1.9} />
      <span>
        {place !== null && <b>{`${place}${pointer ? ` (${pointer})` : ""}: `}</b>}
        {message} The constraint is off until this is fixed.
      </span>
    </p>
  );
}

export function ConstraintEditor({ label, text, checked, ok, next, onWrite }: ConstraintEditorProps) {
  const problem = checked !== null && "refused" in checked ? checked.refused : null;
  const lines = useMemo(() => markLines(text, { error: problem?.span ?? null, next }), [
    text,
    problem,
    next,
  ]);
  return (
    <div class="code-editor">
      <div class="code-scroll">
        <div class="code-text">
          <div class="code-marks" aria-hidden="true">
            {lines.map((line, at) => <Line key={at} line={line} />)}
          </div>
          <textarea
            id="constraint-text"
            aria-label={label}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : "constraint-problem"}
            spellcheck={false}
            autocomplete="off"
            value={text}
            onInput={(event) => onWrite(event.currentTarget.value)}
          />
        </div>
      </div>
      {problem !== null && <Trouble problem={problem} />}
      {checked !== null && problem === null && (
        <p class="check-ok">
          <Check size={14} strokeWidth={2} />
          {ok}
        </p>
      )}
      {checked === null && <p class="check-wait">Checking…</p>}
    </div>
  );
}
