/// <reference lib="dom" />
// A number one types: a decimal comma is allowed, what is no number goes back to the value it had.
import { useState } from "preact/hooks";
import { settingText } from "../../lib/explorer/settings/sampling.ts";

interface NumberFieldProps {
  readonly value: number | null;
  readonly onValue: (value: number) => void;
  /** Accessible name; absent where a label names the field. */
  readonly label?: string;
  readonly id?: string;
  readonly whole?: boolean;
  /** An empty field means something: without it, emptying the field changes nothing. */
  readonly onEmpty?: () => void;
  readonly placeholder?: string;
}

/** The number of what was typed; NaN for anything else. */
export function typedNumber(text: string): number {
  const trimmed = text.trim().replace(",", ".").replace("−", "-");
  return trimmed === "" ? NaN : Number(trimmed);
}

export function NumberField(props: NumberFieldProps) {
  const shown = props.value === null ? "" : settingText(props.value);
  // What is being typed outlives everything that draws the page again meanwhile: tokens of Play, answers.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      class="field num"
      id={props.id}
      inputMode={props.whole ? "numeric" : "decimal"}
      autocomplete="off"
      aria-label={props.label}
      placeholder={props.placeholder}
      value={typed ?? shown}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => {
        const box = event.currentTarget;
        setTyped(null);
        if (box.value.trim() === "" && props.onEmpty) return props.onEmpty();
        const value = typedNumber(box.value);
        box.value = shown; // the new value arrives as a property; one that changes nothing must not stay typed
        if (Number.isFinite(value)) props.onValue(value);
      }}
    />
  );
}
