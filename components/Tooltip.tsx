// One tooltip for everything with data-tip (what a control does) or data-term (a word of the glossary): for a mouse
// after a moment, for the keyboard at once, for a finger where it taps a word or rests on a control. Escape, any other
// key and a press elsewhere close it; the mouse may go over it.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Explanation, Term } from "../lib/explorer/words/glossary.ts";

const HOVER_MS = 350;
/** The way from the element to its tooltip. */
const LEAVE_MS = 150;
/** A finger that rests. */
const PRESS_MS = 500;
const GAP = 8; // pixels to the element and to the edge of the window

/** What a tap does something with. */
const CONTROLS = "button, a, input, select, textarea, label, summary, [role=treeitem]";

function place(tip: HTMLElement, anchor: Element): void {
  const box = anchor.getBoundingClientRect();
  const centred = box.left + box.width / 2 - tip.offsetWidth / 2;
  const left = Math.min(innerWidth - tip.offsetWidth - GAP, Math.max(GAP, centred));
  const below = box.bottom + GAP;
  const fits = below + tip.offsetHeight <= innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${fits ? below : box.top - tip.offsetHeight - GAP}px`;
}

function findTipped(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tip], [data-term]") : null;
}

type Explain = (term: Term) => Explanation;

/** Loads the glossary once, when the page is first used: it is there before it is wanted. Null: it cannot be had
 * now. */
function useGlossary(load: () => Promise<Explain>) {
  const explain = useRef<Promise<Explain> | null>(null);
  return async () => {
    try {
      return await (explain.current ??= load());
    } catch { // the server is away
      explain.current = null;
      return null;
    }
  };
}

/** Shows an element's tip, now or later; the last word counts. null: none. `held`: a finger rests, or rested, on what
 * is shown: the focus that comes with it changes nothing. */
function createTurn(show: (element: HTMLElement | null) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => clearTimeout(timer);
  const later = (ms: number, work: () => void) => {
    wait();
    timer = setTimeout(work, ms);
  };
  const now = (element: HTMLElement | null) => {
    wait();
    show(element);
  };
  return { wait, later, now, held: false };
}

type Turn = ReturnType<typeof createTurn>;
type Listening = AddEventListenerOptions & { readonly signal: AbortSignal };

function followMouse(turn: Turn, tip: RefObject<HTMLElement>, listening: Listening): void {
  document.addEventListener("pointerover", ({ pointerType, target }) => {
    if (pointerType !== "mouse") return;
    if (tip.current?.contains(target as Node)) return turn.wait();
    const element = findTipped(target);
    turn.later(element === null ? LEAVE_MS : HOVER_MS, () => turn.now(element));
  }, listening);
}

/** A tap on a word, a rest on a control: that one presses nothing when the finger is lifted. */
function followFinger(turn: Turn, listening: Listening): void {
  document.addEventListener("pointerdown", ({ pointerType, target }) => {
    turn.now(null);
    turn.held = false;
    const element = findTipped(target);
    if (pointerType === "mouse" || element === null) return;
    turn.later(PRESS_MS, () => {
      turn.held = true;
      turn.now(element);
    });
  }, listening);
  document.addEventListener("pointerup", () => turn.held || turn.wait(), listening);
  document.addEventListener("pointercancel", turn.wait, listening);
  document.addEventListener("click", (event) => {
    const { pointerType, target } = event as PointerEvent;
    const onControl = target instanceof Element && target.closest(CONTROLS) !== null;
    if (turn.held) {
      event.preventDefault();
      event.stopPropagation();
    } else if (pointerType === "touch" && !onControl) turn.now(findTipped(target));
    turn.held = false;
  }, listening);
}

function followFocus(turn: Turn, listening: Listening): void {
  document.addEventListener("focusin", ({ target }) => {
    if (!turn.held) {
      turn.now(target instanceof Element && target.matches(":focus-visible") ? findTipped(target) : null);
    }
  }, listening);
  document.addEventListener("focusout", () => turn.held || turn.now(null), listening);
  document.addEventListener("scroll", () => turn.now(null), listening);
  document.addEventListener("keydown", () => turn.now(null), listening);
}

interface Shown extends Explanation {
  readonly anchor: HTMLElement;
}

/** Puts the tooltip beside what it explains; what has the focus there is described by it. */
function usePlace(tip: RefObject<HTMLElement>, shown: Shown | null): void {
  useEffect(() => {
    if (tip.current === null || shown === null) return;
    place(tip.current, shown.anchor);
    const focused = document.activeElement;
    if (focused === null || !shown.anchor.contains(focused)) return;
    focused.setAttribute("aria-describedby", tip.current.id);
    return () => focused.removeAttribute("aria-describedby");
  }, [shown]);
}

/** `glossary` loads what explains a word of the page with the present numbers. */
export function Tooltip({ glossary }: { glossary: () => Promise<Explain> }) {
  const tip = useRef<HTMLDivElement>(null);
  const explain = useGlossary(glossary);
  const wanted = useRef<HTMLElement | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    document.addEventListener("pointerover", explain, { once: true });
    const show = async (anchor: HTMLElement | null) => {
      wanted.current = anchor;
      if (anchor === null) return setShown(null);
      const { term, tip: text = "" } = anchor.dataset;
      const words = term === undefined ? { name: "", text } : (await explain())?.(term as Term);
      if (words !== undefined && wanted.current === anchor) setShown({ anchor, ...words });
    };
    const turn = createTurn(show);
    const stop = new AbortController();
    const listening = { signal: stop.signal, capture: true };
    followMouse(turn, tip, listening);
    followFinger(turn, listening);
    followFocus(turn, listening);
    return () => {
      turn.wait();
      stop.abort();
    };
  }, []);
  usePlace(tip, shown);
  if (shown === null) return null;
  return (
    <div class="tip" id="tooltip" role="tooltip" ref={tip}>
      {shown.name !== "" && <b>{shown.name}</b>}
      {shown.text}
    </div>
  );
}
