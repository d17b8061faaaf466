// The words of the page: plain ones, each explained by mouse, keyboard and touch.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserSuite, settled, tabTo } from "./browser.ts";
import { expert, write } from "./states_exploring.ts";

const browserTest = browserSuite();
const tooltip = (page: Page) => page.getByRole("tooltip");

browserTest(
  "the model's name says how another model is chosen: by mouse, by keyboard",
  {},
  async ({ page }) => {
    await settled(page);
    const name = page.locator("#model-button");
    await name.hover();
    await tooltip(page).getByText(/NEXTTOKEN_MODEL names the one that the server starts with/).waitFor();
    await tooltip(page).hover(); // it can be read: the pointer may go over it
    await page.mouse.move(5, 890);
    await tooltip(page).waitFor({ state: "detached" });
    await tabTo(page, /Next Token/, "Shift+Tab", ".brand");
    await tabTo(page, /Model/, "Tab", "#model-button");
    await tooltip(page).getByText(/NEXTTOKEN_MODEL/).waitFor();
    const id = await tooltip(page).getAttribute("id");
    await page.locator(`#model-button[aria-describedby="${id}"]`).waitFor();
    await page.keyboard.press("Escape");
    await tooltip(page).waitFor({ state: "detached" });
  },
);

browserTest("by touch a tap explains a word, and a finger that rests a control without pressing it", {
  touch: true,
  width: 390,
}, async ({ page }) => {
  await settled(page);
  await page.locator(".summary dt").getByText("Uncertainty").tap();
  await tooltip(page).getByText(/How open the choice is/).waitFor();
  const box = await page.locator("#model-button").boundingBox();
  const cdp = await page.context().newCDPSession(page);
  const point = { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 };
  await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await tooltip(page).getByText(/NEXTTOKEN_MODEL/).waitFor();
  await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await tooltip(page).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.locator("#model-button").tap();
  await page.getByRole("dialog", { name: "Models" }).waitFor();
  assert.equal(await tooltip(page).count(), 0);
});

/** What explains itself to a mouse and not by keyboard: neither it nor another element with the same words can have
 * the focus. */
function unreachable(): string[] {
  const stops = "button, a[href], input, select, textarea, summary, [tabindex]";
  const wordsOf = ({ dataset: { tip, term } }: HTMLElement) => `${tip} ${term}`;
  const all = [...document.querySelectorAll<HTMLElement>("[data-tip], [data-term]")];
  const reached = all.filter((element) => element.matches(stops) || element.querySelector(stops) !== null);
  const said = new Set(reached.map(wordsOf));
  return [
    ...all.filter((element) => !said.has(wordsOf(element))),
    ...document.querySelectorAll("body [title]"),
  ]
    .map((element) => element.outerHTML.slice(0, 120));
}

browserTest(
  "in every tab what has a tooltip can be reached by keyboard, and is no title",
  {},
  async ({ page }) => {
    await write(page, 2);
    await expert(page);
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      await page.locator(".panel > :not(.panel-wait)").first().waitFor();
      assert.deepEqual(await page.evaluate(unreachable), [], await tab.innerText());
    }
  },
);
