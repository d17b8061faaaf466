/// <reference lib="dom" />
// The token of the hovered bar at the end of the text, and what could follow it. It lies over the text: were it part of
// it, the page would move under the pointer that asked for it, or that leaves it to press something.
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Ghost } from "../../lib/explorer/asking/peek.ts";
import { TokenInText, TokenText } from "../TokenText.tsx";

const GAP = 8; // pixels behind the caret, and to the edge of the text

/** Behind the caret; on the free line below it where there is no room. Everything is read before anything is written,
 * and moved rather than laid out anew: a long text is laid out with what lies over it. */
function place(area: HTMLElement): void {
  const end = area.parentElement!;
  const strip = end.closest<HTMLElement>(".strip")!;
  const leftwards = getComputedStyle(strip).direction === "rtl";
  const written = leftwards ? strip.clientWidth - end.offsetLeft - end.offsetWidth : end.offsetLeft;
  const room = strip.clientWidth - GAP;
  const width = area.scrollWidth;
  const fits = written + GAP + Math.min(width, room) <= strip.clientWidth;
  const onwards = fits ? GAP : GAP / 2 - written;
  area.style.maxWidth = width > room ? `${room}px` : "";
  area.style.transform = `translateX(${leftwards ? -onwards : onwards}px)`;
  area.classList.toggle("below", !fits);
}

/** Keeps the area in its place: with what it shows, and with the size of the text (projector, zoom, another window). In
 * the frame that draws it, before it is drawn: measuring at once would lay the page out one more time. */
function usePlace(area: { readonly current: HTMLElement | null }, shown: boolean): void {
  const frame = useRef(0);
  const later = () => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => area.current !== null && place(area.current));
  };
  useLayoutEffect(() => {
    later();
    return () => cancelAnimationFrame(frame.current);
  });
  useEffect(() => {
    const strip = area.current?.closest(".strip");
    if (!shown || strip == null) return;
    const observer = new ResizeObserver(later);
    observer.observe(strip);
    return () => observer.disconnect();
  }, [shown]);
}

export function GhostToken({ ghost }: { ghost: ReadonlySignal<Ghost | null> }) {
  const area = useRef<HTMLSpanElement>(null);
  usePlace(area, ghost.value !== null);
  if (ghost.value === null) return null;
  const { rendering, next } = ghost.value;
  const ends = rendering.parts[0]?.kind === "special";
  return (
    <span class="ghost-area" ref={area} aria-hidden="true">
      <span class="ghost">
        <TokenInText rendering={rendering} />
      </span>
      {ends && <span class="peek">ends the text</span>}
      {!ends && next !== null && (
        <span class="peek">
          then {next.map(({ rendering, percent }, at) => (
            <span key={at} dir="ltr">
              <b>
                <TokenText rendering={rendering} />
              </b>{" "}
              {percent} %
            </span>
          ))}
        </span>
      )}
    </span>
  );
}
