// A list to choose one of, with its name above it.
import type { ComponentChildren } from "preact";
import type { Term } from "../../lib/explorer/words/glossary.ts";

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly mono?: boolean;
  readonly term?: Term;
  /** Stands before the name. */
  readonly children?: ComponentChildren;
}

export function Select<T extends string>(
  { label, value, options, onChange, mono, term, children }: SelectProps<T>,
) {
  return (
    <label class="attr-select" data-term={term}>
      <span>{children}{label}</span>
      <select
        class={mono ? "field mono" : "field"}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
