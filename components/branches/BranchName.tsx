// The name of a path while it is being written: Enter or leaving the field keeps it, Escape does not.
import { useLayoutEffect, useRef } from "preact/hooks";

interface BranchNameProps {
  readonly name: string;
  /** Null: the old name stays. */
  readonly onDone: (name: string | null) => void;
}

export function BranchName({ name, onDone }: BranchNameProps) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  const finish = (next: string | null) => {
    if (done.current) return; // removing the field blurs it
    done.current = true;
    onDone(next === null || next.trim() === "" ? null : next.trim());
  };
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <form
      class="sw"
      onSubmit={(event) => {
        event.preventDefault();
        finish(field.current?.value ?? null);
      }}
    >
      <input
        ref={field}
        class="field rename"
        dir="auto"
        aria-label={`New name for ${name}`}
        defaultValue={name}
        maxLength={60}
        spellcheck={false}
        autocomplete="off"
        onBlur={(event) => finish(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          finish(null);
        }}
      />
    </form>
  );
}
