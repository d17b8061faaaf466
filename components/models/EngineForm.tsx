// A model on another engine: which kind, where, and whose tokenizer. Closed until it is asked for.
import { useState } from "preact/hooks";
import {
  composeEngineName,
  ENGINE_KINDS,
  type EngineDraft,
  type EngineKind,
} from "../../lib/explorer/models/engine_name.ts";

interface EngineFormProps {
  /** False while no load can begin. */
  readonly free: boolean;
  readonly onConnect: (name: string) => void;
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onValue: (value: string) => void;
}

function Field({ id, label, value, placeholder, onValue }: FieldProps) {
  return (
    <p>
      <label for={id}>{label}</label>
      <input
        id={id}
        class="field mono"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={placeholder}
        value={value}
        aria-describedby="engine-hint"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </p>
  );
}

function Kind({ value, onKind }: { value: EngineKind; onKind: (kind: EngineKind) => void }) {
  return (
    <p>
      <label for="engine-kind">Engine</label>
      <select
        id="engine-kind"
        class="field"
        value={value}
        onChange={(event) => {
          const kind = ENGINE_KINDS.find(({ value }) => value === event.currentTarget.value);
          if (kind !== undefined) onKind(kind.value);
        }}
      >
        {ENGINE_KINDS.map((kind) => (
          <option key={kind.value} value={kind.value} selected={kind.value === value}>{kind.label}</option>
        ))}
      </select>
    </p>
  );
}

export function EngineForm({ free, onConnect }: EngineFormProps) {
  const [draft, setDraft] = useState<EngineDraft>({ kind: "llamacpp", url: "", tokenizer: "" });
  const { name, hint } = composeEngineName(draft);
  const ready = free && name !== "";
  return (
    <details class="pop-foot engine">
      <summary>A model on another engine</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onConnect(name);
        }}
      >
        <Kind value={draft.kind} onKind={(kind) => setDraft({ ...draft, kind })} />
        <Field
          id="engine-url"
          label="Address"
          value={draft.url}
          placeholder="http://192.168.1.5:8080"
          onValue={(url) => setDraft({ ...draft, url })}
        />
        <Field
          id="engine-tokenizer"
          label="Its model on the hub, for the tokenizer"
          value={draft.tokenizer}
          placeholder="owner/name"
          onValue={(tokenizer) => setDraft({ ...draft, tokenizer })}
        />
        <button type="submit" class="btn" aria-disabled={ready ? undefined : true}>Connect</button>
        <p id="engine-hint" class="m-hint" role="status">
          {hint || "What is written here is sent to that address."}
        </p>
      </form>
    </details>
  );
}
