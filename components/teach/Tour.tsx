// The tour's card: a dialog that blocks nothing. Escape or Skip ends it for good.
import { useLayoutEffect, useRef } from "preact/hooks";
import { findNextStep, placeCard, TOUR } from "../../lib/explorer/teach/tour.ts";

interface TourProps {
  /** Index of the step. */
  readonly step: number;
  /** Null: the tour is over. */
  readonly onStep: (step: number | null) => void;
}

/** Puts the card beside its part of the page, and the ring around that part. Returns what takes the ring away. */
function attach(card: HTMLElement, at: number): () => void {
  const { selector, beside } = TOUR[at]!;
  const target = document.querySelector<HTMLElement>(selector);
  target?.scrollIntoView({ block: "nearest", behavior: "instant" });
  target?.setAttribute("data-spot", "");
  const place = () => {
    const box = target?.getBoundingClientRect() ?? null;
    const size = { width: card.offsetWidth, height: card.offsetHeight };
    const { left, top } = placeCard(box, size, { width: innerWidth, height: innerHeight }, beside);
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  };
  place();
  addEventListener("resize", place);
  document.addEventListener("scroll", place, { capture: true, passive: true });
  return () => {
    target?.removeAttribute("data-spot");
    removeEventListener("resize", place);
    document.removeEventListener("scroll", place, { capture: true });
  };
}

function Foot({ step, onStep }: TourProps) {
  const next = findNextStep(step);
  return (
    <div class="bar">
      <span class="dots" role="img" aria-label={`Step ${step + 1} of ${TOUR.length}`}>
        {TOUR.map((_, at) => <i key={at} class={at === step ? "on" : ""} />)}
      </span>
      <span class="grow" />
      {next !== null && <button type="button" class="btn quiet sm" onClick={() => onStep(null)}>Skip</button>}
      <button type="button" class="btn primary sm" onClick={() => onStep(next)}>
        {next === null ? "Done" : "Next"}
      </button>
    </div>
  );
}

export function Tour({ step, onStep }: TourProps) {
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => card.current === null ? undefined : attach(card.current, step), [step]);
  useLayoutEffect(
    () => card.current?.querySelector<HTMLElement>(".primary")?.focus({ preventScroll: true }),
    [
      step,
    ],
  );
  const { title, text } = TOUR[step]!;
  return (
    <div
      class="tour"
      role="dialog"
      aria-labelledby="tour-title"
      aria-describedby="tour-text"
      ref={card}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onStep(null);
      }}
    >
      <h2 id="tour-title">{title}</h2>
      <p id="tour-text">{text}</p>
      <Foot step={step} onStep={onStep} />
    </div>
  );
}
