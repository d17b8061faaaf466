// A list to choose one of, with its name above it.
import type { ComponentChildren } from "preact";

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly mono?: boolean;
  /** Stands before the name. */
  readonly children?: ComponentChildren;
}

export function Select<T extends string>(
  { label, value, options, onChange, mono, children }: SelectProps<T>,
) {
  return (
    <label class="attr-select">
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
