// The tour: four steps, and where its card stands. It never returns by itself once it was ended.

export interface TourStep {
  /** The part of the page it is about. */
  readonly selector: string;
  readonly title: string;
  readonly text: string;
  /** The card stands left of the part where there is room, not below it. */
  readonly beside: boolean;
}

export const TOUR: readonly TourStep[] = [
  {
    selector: ".composer",
    title: "Write a beginning",
    text: "Any text will do. The model reads it as tokens: pieces of words with a number each.",
    beside: false,
  },
  {
    selector: "#strip",
    title: "Here is the text",
    text:
      "Every box is one token. Coloured ones were added: the stronger the colour, the more likely they were.",
    beside: false,
  },
  {
    selector: ".dist",
    title: "What could come next",
    text: "One bar per candidate. Click one to append it, or press 1 to 9.",
    beside: true,
  },
  {
    selector: ".run",
    title: "Let it write",
    text: "Step draws one token by chance. Greedy takes the first bar. More controls has the rest.",
    beside: false,
  },
];

/** The step after `at`; null = the tour is over. */
export function findNextStep(at: number): number | null {
  return at + 1 < TOUR.length ? at + 1 : null;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const EDGE = 12; // pixels to the window's edge
const GAP = 14; // pixels to the part it is about
const INDENT = 20;
const BESIDE_TOP = 150;

/** Where the card stands, in pixels of the window: left of its part, else below, else above, else at the bottom over
 * it. `target` null: the part is not on the page, the card stands in the middle. Always whole in the window. */
export function placeCard(
  target: Box | null,
  card: Size,
  window: Size,
  beside: boolean,
): { left: number; top: number } {
  const inside = (value: number, size: number, room: number) =>
    Math.max(EDGE, Math.min(value, room - size - EDGE));
  const place = (left: number, top: number) => ({
    left: inside(left, card.width, window.width),
    top: inside(top, card.height, window.height),
  });
  if (target === null) return place((window.width - card.width) / 2, (window.height - card.height) / 2);
  const leftOf = target.left - card.width - GAP;
  if (beside && leftOf >= EDGE) {
    return place(leftOf, target.top + Math.min(BESIDE_TOP, target.height / 2));
  }
  const left = target.left + INDENT;
  const below = target.top + target.height + GAP;
  if (below + card.height + EDGE <= window.height) return place(left, below);
  const above = target.top - card.height - GAP;
  return place(left, above >= EDGE ? above : window.height - card.height - EDGE);
}
