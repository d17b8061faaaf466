/// <reference lib="dom" />
// The same text behind two prompts, or read by two models: token by token.
import { completionText, pathText } from "../../lib/explorer/session/path_text.ts";
import { placeOf } from "../../lib/explorer/session/question.ts";
import { pathIdsOf, rootOf } from "../../lib/explorer/session/tree.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import {
  lockstepCsv,
  lockstepOf,
  type LockstepRow,
  lockstepText,
} from "../../lib/explorer/study/lockstep.ts";
import type { Passage, Reading } from "../../lib/explorer/study/reading.ts";
import type { Study } from "../../lib/explorer/study/store.ts";
import { totalsOf } from "../../lib/explorer/study/totals.ts";
import type { Stores } from "../../lib/explorer/stores/stores.ts";
import { saveFile } from "../../lib/explorer/share/exports/browser.ts";
import { exportName } from "../../lib/explorer/share/exports/file.ts";
import { ActionButton } from "../ActionButton.tsx";
import { TokenText } from "../TokenText.tsx";
import { Explained } from "../Explained.tsx";
import { useKept } from "../kept.ts";
import { formatAmount, formatSignedAmount } from "../../lib/basics/number_text.ts";
import { Written } from "../Written.tsx";
import { directField } from "../direction.ts";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function Field({ label, value, onValue }: FieldProps) {
  return (
    <label class="study-field">
      <span>{label}</span>
      <textarea
        rows={2}
        {...directField(value)}
        class="field"
        spellcheck={false}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}

const typedPassage = (text: string): Passage => ({ kind: "text", text });

/** Prompt and completion of the page, as the tokens that they are. */
function passagesOfPage(session: Session): { readonly context: Passage; readonly text: Passage } {
  const place = placeOf(session);
  const ids = place === null ? null : pathIdsOf(place);
  if (place === null || ids === null) return { context: typedPassage(""), text: typedPassage("") };
  const root = rootOf(place);
  const { tokenizerKey } = root.read!;
  return {
    context: { kind: "tokens", ids: ids.prompt, tokenizerKey, text: pathText(root) },
    text: { kind: "tokens", ids: ids.completion, tokenizerKey, text: completionText(place) },
  };
}

function Pick({ label, readings, value, onValue }: {
  label: string;
  readings: readonly Reading[];
  value: Reading;
  onValue: (id: number) => void;
}) {
  return (
    <label class="study-pick">
      <b>{label}</b>
      <select class="field" value={value.id} onChange={(event) => onValue(Number(event.currentTarget.value))}>
        {readings.map(({ id, model, context, tokens }) => (
          <option key={id} value={id} selected={id === value.id}>
            {`${id}: ${model}, “${context.slice(-40)}”, ${formatAmount(totalsOf(tokens)?.logprob ?? 0)} nats`}
          </option>
        ))}
      </select>
    </label>
  );
}

const renderWritten = (text: string) => <Written text={text} />;

function Row({ row: { rendering, a, b, difference, kl } }: { row: LockstepRow }) {
  const number = (value: number | null, plus = false) =>
    renderWritten(value === null ? "–" : plus ? formatSignedAmount(value) : formatAmount(value));
  return (
    <tr>
      <td class="t">
        <TokenText rendering={rendering} />
      </td>
      <td class="num">{number(a)}</td>
      <td class="num">{number(b)}</td>
      <td class="num">{number(difference, true)}</td>
      <td class="num">{number(kl)}</td>
    </tr>
  );
}

function Rows({ a, b }: { a: Reading; b: Reading }) {
  const found = lockstepOf(a, b);
  if (found === null) return <p class="note">These are readings of different texts.</p>;
  const save = () => {
    const name = exportName("csv", { text: a.text, date: new Date() });
    saveFile({ name, type: "text/csv", content: lockstepCsv(found) });
  };
  return (
    <>
      <div class="bar wrap">
        <p class="study-total">{renderWritten(lockstepText(found))}</p>
        <span class="grow" />
        <ActionButton class="btn sm" onPress={save}>Save as CSV</ActionButton>
      </div>
      <div class="tablewrap" tabIndex={0} role="group" aria-label="Both readings, token by token">
        <table>
          <thead>
            <tr>
              <th>Token</th>
              <th class="num">
                <Explained term="log_probability">A, nats</Explained>
              </th>
              <th class="num">
                <Explained term="log_probability">B, nats</Explained>
              </th>
              <th class="num">A − B</th>
              <th class="num">
                <Explained term="divergence">Bars differ, bits ≥</Explained>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.rows.map((row, at) => <Row key={at} row={row} />)}
          </tbody>
        </table>
      </div>
    </>
  );
}

type Picked = readonly [a: number | null, b: number | null];

interface ComparedProps {
  readonly readings: readonly Reading[];
  readonly stores: Stores;
  readonly onForget: (id: number) => void;
}

/** The two that are compared: those that were picked, else the two newest. */
function Compared({ readings, stores, onForget }: ComparedProps) {
  const [picked, setPicked] = useKept<Picked>(stores, "compared readings", [null, null]);
  const find = (id: number | null, otherwise: number) =>
    readings.find((each) => each.id === id) ?? readings.at(otherwise);
  const [a, b] = [find(picked[0], -2), find(picked[1], -1)];
  if (a === undefined || b === undefined) return null;
  return (
    <>
      <div class="study-picks">
        <Pick label="A" readings={readings} value={a} onValue={(id) => setPicked([id, picked[1]])} />
        <Pick label="B" readings={readings} value={b} onValue={(id) => setPicked([picked[0], id])} />
        <button type="button" class="btn quiet sm" onClick={() => readings.forEach(({ id }) => onForget(id))}>
          Forget all
        </button>
      </div>
      <Rows a={a} b={b} />
    </>
  );
}

interface LockstepProps {
  readonly study: Study;
  readonly session: Session;
  readonly stores: Stores;
}

/** What was written in the place of what the page says. */
interface Written {
  readonly context?: string;
  readonly other: string;
  readonly text?: string;
}

export function Lockstep({ study, session, stores }: LockstepProps) {
  const page = passagesOfPage(session);
  const [typed, setTyped] = useKept<Written>(stores, "readings", { other: "" });
  const context = typed.context === undefined ? page.context : typedPassage(typed.context);
  const text = typed.text === undefined ? page.text : typedPassage(typed.text);
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change });
  const readings = study.readings.value;
  const contexts = typed.other === "" ? [context] : [context, typedPassage(typed.other)];
  const empty = text.text === "" && (text.kind === "text" || text.ids.length === 0);
  const tip = empty ? "Append tokens, or write the text that is read" : "With the model that is loaded";
  return (
    <section aria-labelledby="lockstep-label">
      <h3 id="lockstep-label">
        Two prompts or two models, <Explained term="lockstep">side by side</Explained>
      </h3>
      <Field label="Prompt" value={context.text} onValue={(value) => set({ context: value })} />
      <Field
        label="Another prompt (may stay empty)"
        value={typed.other}
        onValue={(other) => set({ other })}
      />
      <Field
        label="Text that is read behind it"
        value={text.text}
        onValue={(value) => set({ text: value })}
      />
      <div class="bar wrap">
        <ActionButton class="btn" enabled={!empty} tip={tip} onPress={() => study.read(text, contexts)}>
          {contexts.length === 1 ? "Read it" : "Read both"}
        </ActionButton>
        <p class="note grow">
          Readings are kept: for two models read, load the other one, and read again.
        </p>
      </div>
      {readings.length === 1 && <p class="note">One reading by {readings[0]!.model} is kept.</p>}
      {readings.length > 1 && <Compared readings={readings} stores={stores} onForget={study.forget} />}
    </section>
  );
}
