// What the contrast of a page's texts depends on. Contrast is the dearest of axe's rules, and most of a page looks as
// it did in the state before.

/** The rules that a theme can change. */
export const CONTRAST_RULES = ["color-contrast", "link-in-text-block"];

declare global {
  /** In the page: the looks that its texts and fields had when `readLooks` was called. */
  var looks: Map<Element, string>;
}

/** In the page: reads the looks of its texts and fields, and returns each once: what axe reads of an element to judge
 * its contrast (kind, size, colours, whether it is disabled or hidden) and what is drawn around and behind it. */
export function readLooks(): string[] {
  const NOTHING = "rgba(0, 0, 0, 0) none 1 none normal none";
  const paints = new Map<Element, string>();
  const paintOf = (element: Element): string => {
    const known = paints.get(element);
    if (known !== undefined) return known;
    const style = getComputedStyle(element);
    const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, clipPath } = style;
    const paint = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, clipPath].join(" ");
    paints.set(element, paint);
    return paint;
  };
  const paintsOf = (elements: Element[]) => elements.map(paintOf).filter((paint) => paint !== NOTHING);
  const around = (element: Element | null): Element[] =>
    element === null ? [] : [element, ...around(element.parentElement)];
  const behind = ({ x, y, width, height }: DOMRect) =>
    paintsOf(document.elementsFromPoint(x + width / 2, y + height / 2)).join();
  const lookOf = (element: Element, rects: DOMRectList): string => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return JSON.stringify([
      ...[element.localName, element.getAttribute("type"), element.textContent.trim().length > 1],
      ...[style.color, style.fontSize, style.fontWeight, style.textShadow, style.textDecorationLine],
      ...[getComputedStyle(element, "::placeholder").color, getComputedStyle(element.parentElement!).color],
      ...[element.closest(":disabled, [aria-disabled=true]") !== null, Math.min(box.width, box.height) > 1],
      ...[element.closest("label")?.control?.matches(":disabled"), style.visibility],
      ...[paintsOf(around(element)), [...new Set(Array.from(rects, behind))]],
    ]);
  };
  globalThis.looks = new Map();
  const range = document.createRange();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    range.selectNodeContents(text);
    const rects = range.getClientRects();
    if (rects.length > 0 && text.textContent!.trim() !== "") {
      looks.set(text.parentElement!, lookOf(text.parentElement!, rects));
    }
  }
  for (const field of document.querySelectorAll("input, textarea, select")) {
    looks.set(field, lookOf(field, field.getClientRects()));
  }
  return [...new Set(looks.values())];
}
