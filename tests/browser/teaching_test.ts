// Branches, exports, models and teaching in a browser: what axe-core says of every part, and every part by keyboard.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { gallerySuite } from "../gallery/suite.ts";
import { TEACHING_PARTS } from "../gallery/teaching_parts.tsx";
import { assertAccessibleOn } from "./browser.ts";

const partTest = gallerySuite();

for (const part of Object.keys(TEACHING_PARTS)) {
  partTest(`axe-core finds nothing: ${part}`, part, {}, async ({ page }) => {
    await assertAccessibleOn(page, part, [["light", 1280], ["dark", 390]]);
  });
}

/** The words of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.querySelector("b")?.textContent ??
      element?.textContent ?? "";
  });
}

partTest("branches by keyboard: go there, rename, delete", "branches", {}, async ({ page }) => {
  await page.locator(".sw[tabindex='0']").focus();
  assert.equal(await focused(page), "Main");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "Quiet version");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".br.on b").textContent(), "Quiet version");
  await page.keyboard.press("F2");
  await page.keyboard.type("Waves");
  await page.keyboard.press("Enter");
  await page.locator(".sw b", { hasText: "Waves" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.querySelector("b")?.textContent === "Waves");
  await page.keyboard.press("F2");
  await page.keyboard.type("Nothing of it");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.querySelector("b")?.textContent === "Waves");
  await page.keyboard.press("Delete");
  assert.equal(await page.locator(".br").count(), 3);
  await page.waitForFunction(() => document.activeElement?.classList.contains("sw"));
  await page.keyboard.press("End");
  await page.keyboard.press("Tab");
  assert.match(await focused(page), /^Probability/, "it says in a tip what it is");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), `Rename ${await page.locator(".sw b").last().textContent()}`);
});

partTest("two paths are compared after two presses", "branches", {}, async ({ page }) => {
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.locator(".sw", { hasText: "Branch C" }).click();
  await page.locator(".sw", { hasText: "Branch D" }).click();
  assert.deepEqual(await page.locator(".compared mark").allTextContents(), [" that", " the"]);
  assert.equal(await page.locator(".sw[aria-pressed='true']").count(), 2);
  await page.getByRole("button", { name: "Compare two" }).click();
  assert.equal(await page.locator(".compare-all").count(), 0);
});

partTest("the look-ahead tree by keyboard", "look-ahead", {}, async ({ page }) => {
  await page.locator("[role=treeitem][tabindex='0']").focus();
  assert.match(await focused(page), /^space the, 65\.1 percent/);
  await page.keyboard.press("ArrowRight");
  assert.match(await focused(page), /^space view/);
  await page.keyboard.press("ArrowDown");
  assert.match(await focused(page), /^space sound/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("End");
  assert.match(await focused(page), /^new line/);
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#went").textContent() ?? "", /^Went to \d+$/);
});

partTest("the Share menu by keyboard", "share", {}, async ({ page }) => {
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "menuitem");
  assert.equal(await focused(page), "Copy link");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), "Copy as Python");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#done").textContent(), "");
  await page.keyboard.press("s");
  assert.equal(await focused(page), "SVG of the bars");
  await page.keyboard.press("Escape");
  assert.match(await focused(page), /Share/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#done").textContent(), "html");
  assert.equal(await page.locator("#share-menu").isVisible(), false);
});

partTest("any id can be loaded, a file chosen, the picker closed", "models-files", {}, async ({ page }) => {
  await page.getByRole("button", { name: "Load Huge-1B-Instruct as fp32" }).click({ force: true });
  assert.equal(await page.locator("#done").textContent(), "", "it does not fit");
  await page.getByRole("button", { name: "Load Huge-1B-Instruct as q4" }).click();
  assert.equal(await page.locator("#done").textContent(), "load other/Huge-1B-Instruct q4");
  await page.getByLabel(/any Hugging Face id/).fill("someone/else");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#done").textContent(), "load someone/else ");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#model-dialog").count(), 0);
});

partTest("a download can be cancelled, a failure tried again", "models-loading", {}, async ({ page }) => {
  const progress = page.getByRole("progressbar", { name: "Loading Large-0.5B-Instruct" });
  assert.ok(Math.abs(await progress.evaluate((bar: HTMLProgressElement) => bar.value) - 198 / 483) < 1e-6);
  await page.getByRole("button", { name: "Cancel Large-0.5B-Instruct" }).click();
  assert.equal(await page.locator("#done").textContent(), "cancel");
});

partTest("an example by keyboard", "library", {}, async ({ page }) => {
  await page.waitForFunction(() => document.activeElement?.closest(".pop-lib") !== null);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#chosen").textContent(), "The capital of France is");
});

partTest("the tour: four steps, or Escape", "tour", {}, async ({ page }) => {
  for (const part of [".composer", "#strip", ".dist", ".run"]) {
    assert.equal(await page.locator("[data-spot]").count(), 1);
    assert.equal(await page.locator(`${part}[data-spot]`).count(), 1);
    await page.keyboard.press("Enter");
  }
  assert.equal(await page.locator(".tour").count(), 0);
  assert.equal(await page.locator("[data-spot]").count(), 0);
  await page.reload();
  await page.locator(".tour").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".tour").count(), 0);
});
