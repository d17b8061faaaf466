/// <reference lib="dom" />
// A number one types: a decimal comma is allowed, what cannot be taken goes back to the value it had, and says why.
import { useState } from "preact/hooks";
import { settingText } from "../../lib/explorer/words/format.ts";

interface NumberFieldProps {
  readonly value: number | null;
  /** Takes the number; a sentence says why it cannot. */
  readonly onValue: (value: number) => string | null | void;
  /** Accessible name; absent where a label names the field. */
  readonly label?: string;
  readonly id?: string;
  readonly whole?: boolean;
  /** An empty field means something: without it, emptying the field changes nothing. */
  readonly onEmpty?: () => void;
  readonly placeholder?: string;
}

/** How long a refusal stays when the field is left: it lies over what is beside it. */
const REFUSED_MS = 4000;
const LONGEST_QUOTE = 24; // characters

/** The number of what was typed; NaN for anything else. */
export function parseTyped(text: string): number {
  const trimmed = text.trim().replace(",", ".").replace("−", "-");
  return trimmed === "" ? NaN : Number(trimmed);
}

export function NumberField(props: NumberFieldProps) {
  const shown = props.value === null ? "" : settingText(props.value);
  // What is being typed outlives everything that draws the page again meanwhile: tokens of Play, answers.
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState("");
  return (
    <>
      {refused !== "" && <span class="field-error over" role="alert">{refused}</span>}
      <input
        class="field num"
        id={props.id}
        inputMode={props.whole ? "numeric" : "decimal"}
        autocomplete="off"
        aria-label={props.label}
        placeholder={props.placeholder}
        value={typed ?? shown}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setRefused("");
        }}
        onBlur={() => setTimeout(() => setRefused(""), REFUSED_MS)}
        onChange={(event) => {
          const box = event.currentTarget;
          setTyped(null);
          if (box.value.trim() === "" && props.onEmpty) return props.onEmpty();
          const text = box.value.slice(0, LONGEST_QUOTE);
          const value = parseTyped(box.value);
          box.value = shown; // the new value arrives as a property; one that changes nothing must not stay typed
          const stays = `${shown || props.placeholder || "The old value"} stays.`;
          if (Number.isFinite(value)) setRefused(props.onValue(value) ?? "");
          else setRefused(`${JSON.stringify(text)} is no number: ${stays}`);
        }}
      />
    </>
  );
}
