/// <reference lib="dom" />
// The token of the hovered bar at the end of the text, and what could follow it. It lies over the text: were it part of
// it, the page would move under the pointer that asked for it, or that leaves it to press something.
import type { ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Ghost } from "../../lib/explorer/asking/peek.ts";
import { TokenText } from "../TokenText.tsx";

const GAP = 8; // pixels behind the caret, and to the edge of the text

/** Behind the caret; on the free line below it where there is no room. */
function place(area: HTMLElement): void {
  const end = area.parentElement!;
  const strip = end.closest<HTMLElement>(".strip")!;
  area.style.maxWidth = `${strip.clientWidth - GAP}px`;
  const leftwards = getComputedStyle(strip).direction === "rtl";
  const written = leftwards ? strip.clientWidth - end.offsetLeft - end.offsetWidth : end.offsetLeft;
  const fits = written + GAP + area.offsetWidth <= strip.clientWidth;
  area.classList.toggle("below", !fits);
  area.style[leftwards ? "right" : "left"] = `${fits ? GAP : GAP / 2 - written}px`;
  area.style[leftwards ? "left" : "right"] = "auto";
}

export function GhostToken({ ghost }: { ghost: ReadonlySignal<Ghost | null> }) {
  const area = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (area.current !== null) place(area.current);
  });
  if (ghost.value === null) return null;
  const { rendering, next } = ghost.value;
  const ends = rendering.parts[0]?.kind === "special";
  return (
    <span class="ghost-area" ref={area} aria-hidden="true">
      <span class="ghost">
        <TokenText rendering={rendering} />
      </span>
      {ends && <span class="peek">ends the text</span>}
      {!ends && next !== null && (
        <span class="peek">
          then {next.map(({ rendering, percent }, at) => (
            <span key={at}>
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
