/// <reference lib="dom" />
// How a long text comes onto the page: over several frames, its end in sight.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Tokens that a text grows by in one frame: hundreds at once would hold up the page. */
const GROWTH = 50;

/** How many of `count` tokens are drawn: a branch or a session that brings hundreds grows from frame to frame. */
export function useGrowth(count: number): number {
  const drawn = useRef(0);
  const [, redraw] = useState(0);
  const shown = Math.min(count, drawn.current + GROWTH);
  useEffect(() => {
    const done = () => drawn.current = shown;
    if (shown === count) return void done();
    // In a task of its own: an effect may run before the frame, where something else is drawn again.
    const timer = setTimeout(() => {
      done();
      redraw((times) => times + 1);
    });
    return () => clearTimeout(timer);
  }, [shown, count]);
  return shown;
}

/** Keeps the end of the text in sight. In the frame that draws it anyway: measuring at once would lay the page out
 * one more time. */
export function useEndInSight(
  strip: { readonly current: HTMLElement | null },
  shown: number,
  inspecting: boolean,
) {
  useLayoutEffect(() => {
    if (inspecting) return;
    const frame = requestAnimationFrame(() => {
      if (strip.current !== null) strip.current.scrollTop = strip.current.scrollHeight;
    });
    return () => cancelAnimationFrame(frame);
  }, [shown]);
}
