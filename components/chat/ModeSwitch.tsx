/// <reference lib="dom" />
// Text or Chat. Where the model has no chat template, Chat says so and cannot be chosen.
export type InputMode = "text" | "chat";

interface ModeSwitchProps {
  readonly mode: InputMode;
  /** Why Chat cannot be chosen; null: it can. */
  readonly unavailable: string | null;
  readonly onMode: (mode: InputMode) => void;
}

const MODES = [{ value: "text", label: "Text" }, { value: "chat", label: "Chat" }] as const;

export function ModeSwitch({ mode, unavailable, onMode }: ModeSwitchProps) {
  const choose = (value: InputMode) => {
    if (value !== mode && (value === "text" || unavailable === null)) onMode(value);
  };
  // A mode that cannot be chosen still takes the focus: its tooltip says why.
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (!/^Arrow(Left|Right|Up|Down)$/.test(event.key)) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const next = buttons.findIndex((button) => button === event.target) === 0 ? 1 : 0;
    buttons[next]?.focus();
    choose(MODES[next]!.value);
  };
  return (
    <div class="seg mode" role="radiogroup" aria-label="Input" onKeyDown={onKeyDown}>
      {MODES.map(({ value, label }) => {
        const closed = value === "chat" && unavailable !== null;
        return (
          <button
            key={value}
            type="button"
            role="radio"
            aria-checked={value === mode}
            aria-disabled={closed ? true : undefined}
            data-tip={closed ? unavailable : undefined}
            tabIndex={value === mode ? 0 : -1}
            onClick={() => choose(value)}
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}
