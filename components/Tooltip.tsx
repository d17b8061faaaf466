// One tooltip for everything with data-tip: on hover after a moment, on keyboard focus at once, gone with Escape.
import { useEffect, useRef, useState } from "preact/hooks";

const HOVER_MS = 350;
const GAP = 8; // pixels to the element and to the edge of the window

function place(tip: HTMLElement, anchor: Element): void {
  const box = anchor.getBoundingClientRect();
  const centred = box.left + box.width / 2 - tip.offsetWidth / 2;
  const left = Math.min(innerWidth - tip.offsetWidth - GAP, Math.max(GAP, centred));
  const below = box.bottom + GAP;
  const fits = below + tip.offsetHeight <= innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${fits ? below : box.top - tip.offsetHeight - GAP}px`;
}

function tipped(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
}

export function Tooltip() {
  const tip = useRef<HTMLDivElement>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (element: HTMLElement | null, delay: number) => {
      clearTimeout(timer);
      if (element === null || delay === 0) setAnchor(element);
      else timer = setTimeout(() => setAnchor(element), delay);
    };
    const stop = new AbortController();
    const { signal } = stop;
    const hide = () => show(null, 0);
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse") show(tipped(event.target), HOVER_MS);
    }, { signal });
    document.addEventListener("focusin", ({ target }) => {
      show(target instanceof Element && target.matches(":focus-visible") ? tipped(target) : null, 0);
    }, { signal });
    document.addEventListener("focusout", hide, { signal });
    document.addEventListener("pointerdown", hide, { signal });
    document.addEventListener("scroll", hide, { signal, capture: true });
    document.addEventListener("keydown", hide, { signal });
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, []);
  useEffect(() => {
    if (tip.current === null || anchor === null) return;
    place(tip.current, anchor);
    const focused = document.activeElement;
    if (focused === null || !anchor.contains(focused)) return;
    focused.setAttribute("aria-describedby", tip.current.id);
    return () => focused.removeAttribute("aria-describedby");
  }, [anchor]);
  if (anchor === null) return null;
  return <div class="tip" id="tooltip" role="tooltip" ref={tip}>{anchor.dataset.tip}</div>;
}
