import assert from "node:assert/strict";
import type { Page } from "../playwright.ts";

/** Where the first element that `selector` finds stands, in CSS pixels of the view. */
export async function boxOf(page: Page, selector: string) {
  const box = await page.locator(selector).first().boundingBox();
  assert.ok(box !== null, `${selector} is not drawn`);
  return { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
}
