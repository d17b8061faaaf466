// A button that keeps the focus and its tooltip while it can do nothing: `disabled` would lose both.
import type { ComponentChildren } from "preact";

interface ActionButtonProps {
  readonly class: string;
  readonly enabled?: boolean;
  readonly onPress?: () => void;
  readonly type?: "button" | "submit";
  readonly children: ComponentChildren;
  /** Accessible name, where the content is only an icon. */
  readonly label?: string;
  readonly tip?: string;
  readonly pressed?: boolean;
  readonly id?: string;
}

export function ActionButton(props: ActionButtonProps) {
  const enabled = props.enabled ?? true;
  return (
    <button
      type={props.type ?? "button"}
      id={props.id}
      class={props.class}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-disabled={enabled ? undefined : true}
      data-tip={props.tip}
      onClick={enabled ? props.onPress : undefined}
    >
      {props.children}
    </button>
  );
}
