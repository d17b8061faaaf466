// Arrow keys in a row of things of which one is chosen.
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** 1 for an arrow that goes on, -1 for one that goes back; undefined for any other key. */
export function stepOfArrow({ key }: KeyboardEvent): number | undefined {
  return STEPS[key];
}

/** Chooses the button beside number `at` where an arrow is pressed, the first behind the last, and goes there. */
export function moveByArrow(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  { at, of, choose }: { readonly at: number; readonly of: number; readonly choose: (next: number) => void },
): void {
  const step = stepOfArrow(event);
  if (step === undefined) return;
  event.preventDefault();
  const next = (at + step + of) % of;
  choose(next);
  event.currentTarget.querySelectorAll("button")[next]?.focus();
}
