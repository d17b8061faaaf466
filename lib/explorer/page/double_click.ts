/// <reference lib="dom" />
// The second click of a double click belongs to what the first one pressed. Where that has gone meanwhile, something
// else lies under the pointer (the next row of a list, say), which was not aimed at.

const CONTROLS = "button, a, input, select, textarea, summary, [role=treeitem], [role=gridcell]";

/** The control that a click is about: of a label its field. Null: none. */
function controlOf(target: EventTarget | null): Element | null {
  if (!(target instanceof Element)) return null;
  return target.closest("label")?.control ?? target.closest(CONTROLS);
}

/** Keeps such clicks from everything on the page, until the function that comes back is called. */
export function guardDoubleClicks(): () => void {
  let pressed: Element | null = null;
  const onClick = (event: MouseEvent) => {
    const control = controlOf(event.target);
    if (event.detail > 1 && control !== pressed) {
      event.preventDefault();
      event.stopPropagation();
    } else pressed = control;
  };
  document.addEventListener("click", onClick, { capture: true });
  return () => document.removeEventListener("click", onClick, { capture: true });
}
