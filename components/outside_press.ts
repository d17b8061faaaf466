// Pop-overs close at a press elsewhere.
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Calls `onOutside` for each press outside of `anchor` while `open`. */
export function useOutsidePress(
  anchor: RefObject<HTMLElement>,
  open: boolean,
  onOutside: () => void,
): void {
  useLayoutEffect(() => {
    if (!open) return;
    const onPointer = ({ target }: PointerEvent) => {
      if (!(target instanceof Node) || !anchor.current?.contains(target)) onOutside();
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [open]);
}
