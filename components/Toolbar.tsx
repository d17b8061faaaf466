/// <reference lib="dom" />
// Buttons in a row that are one stop for Tab; the arrows move inside (ARIA's toolbar pattern).
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at, last) => at === last ? 0 : at + 1,
  ArrowLeft: (at, last) => at === 0 ? last : at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

interface ToolbarProps {
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

export function Toolbar({ label, class: className, children }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const buttons = () => [...bar.current?.querySelectorAll("button") ?? []];
  // On the elements themselves: what stands in the bar need not know that it does.
  useLayoutEffect(() => {
    buttons().forEach((button, at) => {
      const stop = at === active ? 0 : -1;
      if (button.tabIndex !== stop) button.tabIndex = stop;
    });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = buttons();
    event.preventDefault();
    all[move(active, all.length - 1)]?.focus();
  };
  const onFocusIn = (event: FocusEvent) => {
    const at = buttons().findIndex((button) => button === event.target);
    if (at >= 0) setActive(at);
  };
  return (
    <div
      class={className}
      ref={bar}
      role="toolbar"
      aria-label={label}
      onKeyDown={onKeyDown}
      onFocusIn={onFocusIn}
    >
      {children}
    </div>
  );
}
