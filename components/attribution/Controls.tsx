// The method, the token that is explained (A) and the one it is held against (B).
import { listCompletionOptions, listTokenOptions } from "../../lib/explorer/attribution/aim_view.ts";
import { PAGE_METHODS } from "../../lib/explorer/attribution/methods.ts";
import { methodRow, readsField } from "../../lib/wire/attribution_methods.ts";
import type { AttributionStore } from "../../lib/explorer/attribution/store.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { ActionButton } from "../ActionButton.tsx";
import { Mark } from "./Mark.tsx";
import { Select } from "./Select.tsx";

interface ControlsProps {
  readonly attribution: AttributionStore;
  readonly session: Session;
  readonly onExplain: () => void;
}

const SPAN = "span";
const NONE = "none";

/** The two ends of a span of the completion. */
function Span({ attribution, session }: Omit<ControlsProps, "onExplain">) {
  const span = attribution.aim.value;
  if (span?.kind !== "span") return null;
  const options = listCompletionOptions(session).map(({ id, text }) => ({ value: String(id), label: text }));
  const from = (at: number) => attribution.take({ ...span, from: at, to: Math.max(span.to, at + 1) });
  const last = (at: number) => attribution.take({ ...span, from: Math.min(span.from, at), to: at + 1 });
  return (
    <>
      <Select
        label="From"
        mono
        value={String(span.from)}
        options={options}
        onChange={(at) => from(Number(at))}
      />
      <Select
        label="To"
        mono
        value={String(span.to - 1)}
        options={options}
        onChange={(at) => last(Number(at))}
      />
    </>
  );
}

/** A: a token, or a span of the completion. */
function Aim({ attribution, session }: Omit<ControlsProps, "onExplain">) {
  const { aim, subject, choice } = attribution;
  const tokens = listTokenOptions(session, subject.value).map(({ id, text }) => ({
    value: String(id),
    label: text,
  }));
  const length = listCompletionOptions(session).length;
  const hasSpans = length > 1 && methodRow(choice.value.method).ofOneToken !== true;
  return (
    <Select
      label="Why this token (A)"
      mono
      value={aim.value?.kind === "span" ? SPAN : String(subject.value?.id ?? NONE)}
      options={[
        ...tokens.length === 0 ? [{ value: NONE, label: "–" }] : tokens,
        ...hasSpans ? [{ value: SPAN, label: "A span of the completion" }] : [],
      ]}
      onChange={(value) => {
        if (value === SPAN) attribution.take({ kind: "span", from: 0, to: length });
        else if (value !== NONE) attribution.take({ kind: "candidate", id: Number(value) });
      }}
    >
      <Mark side="a" />
    </Select>
  );
}

/** B: nothing, or another candidate. */
function Rival({ attribution, session }: Omit<ControlsProps, "onExplain">) {
  const { rival, subject } = attribution;
  const others = listTokenOptions(session, subject.value).filter(({ id }) => id !== subject.value?.id);
  const chosen = rival.value !== null && others.some(({ id }) => id === rival.value);
  return (
    <Select
      label="Rather than (B)"
      term="contrast"
      mono
      value={chosen ? String(rival.value) : NONE}
      options={[
        { value: NONE, label: "Nothing" },
        ...others.map(({ id, text }) => ({ value: String(id), label: text })),
      ]}
      onChange={(value) => attribution.against(value === NONE ? null : Number(value))}
    >
      <Mark side="b" />
    </Select>
  );
}

export function Controls({ onExplain, ...rest }: ControlsProps) {
  const { choice, subject, running, aim } = rest.attribution;
  const { method } = choice.value;
  const takesRival = method === "off" || readsField(method, "contrast_token_id");
  const busy = running.value !== null && !running.value.passing;
  return (
    <div class="attr-controls">
      <Select
        label="Method"
        value={method}
        options={PAGE_METHODS.map((value) => ({ value, label: methodRow(value).label }))}
        onChange={(method) => rest.attribution.choose({ method })}
      />
      <Aim {...rest} />
      <Span {...rest} />
      {takesRival && aim.value?.kind !== "span" && <Rival {...rest} />}
      <ActionButton
        class="btn"
        enabled={subject.value !== null && method !== "off" && !busy}
        tip={subject.value === null
          ? "There is no token to explain yet"
          : "Compute and colour the text by it"}
        onPress={onExplain}
      >
        Explain
      </ActionButton>
    </div>
  );
}
