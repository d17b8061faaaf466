/// <reference lib="dom" />
// What is known of the token under the pointer or the focus. Its name says the same: the card takes no focus.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { TokenCard as Card } from "../../lib/explorer/views/strip_view.ts";
import { TokenText } from "../TokenText.tsx";
import { Written } from "../Written.tsx";

const GAP = 10; // pixels

function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const left = Math.min(innerWidth - box.offsetWidth - GAP, Math.max(GAP, at.left - GAP));
  const below = at.bottom + GAP;
  const fits = below + box.offsetHeight <= innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${fits ? below : at.top - box.offsetHeight - GAP}px`;
}

export function TokenCard({ card, anchor }: { card: Card; anchor: HTMLElement }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    place(box.current, anchor);
    if (document.activeElement !== anchor) return;
    const told = [...box.current.querySelectorAll("[id]")].map(({ id }) => id);
    anchor.setAttribute("aria-describedby", told.join(" "));
    return () => anchor.removeAttribute("aria-describedby");
  });
  return (
    <div class="token-card" id="token-card" role="tooltip" ref={box}>
      <p class="token-card-title">
        <TokenText rendering={card.rendering} />
      </p>
      <dl>
        {card.facts.map(([label, value], at) => (
          <div key={label} id={card.named.has(label) ? undefined : `token-card-${at}`}>
            <dt>{label}</dt>
            <dd>
              <Written text={value} />
            </dd>
          </div>
        ))}
      </dl>
      {card.note !== "" && <p class="token-card-note" id="token-card-note">{card.note}</p>}
    </div>
  );
}
