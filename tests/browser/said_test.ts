// What the page says beside the data: whole in every width, and it moves nothing.
import assert from "node:assert/strict";
import type { Page } from "../playwright.ts";
import { fakeStatus } from "../fakes.ts";
import { browserSuite, settled } from "./browser.ts";
import { boxOf } from "./box_of.ts";

const browserTest = browserSuite();

/** The hint is there, and none of it is cut: neither by its chip nor by the window. */
async function assertHintWhole(page: Page): Promise<void> {
  await page.locator(".hints .chip span").first().waitFor();
  await page.waitForFunction(() => {
    const chip = document.querySelector(".hints .chip");
    return [chip, ...chip?.querySelectorAll("span, b") ?? []].every((it) =>
      it !== null && it.scrollWidth <= it.clientWidth + 1 && it.scrollHeight <= it.clientHeight + 1 ||
      it !== null && getComputedStyle(it).display === "inline"
    ) && chip!.getBoundingClientRect().right <= innerWidth;
  });
}

for (const width of [320, 390, 1024, 1280, 1600]) {
  browserTest(
    `${width} px: what is said moves nothing, and can be dismissed`,
    { width, status: fakeStatus.ready({ warning: "CUDA is not here: the processor computes." }) },
    async ({ page }) => {
      await settled(page);
      const warned = await boxOf(page, "#bars button");
      const strip = await boxOf(page, "#strip");
      await page.locator(".notice").getByText("CUDA is not here").waitFor();
      await page.getByRole("button", { name: "Dismiss" }).click();
      await page.locator(".notice").waitFor({ state: "detached" });
      assert.deepEqual(await boxOf(page, "#bars button"), warned);
      await page.locator("#prompt").press("End");
      await page.locator("#prompt").pressSequentially(" ");
      await assertHintWhole(page);
      assert.deepEqual(await boxOf(page, "#strip"), strip, "a hint");
      await page.fill("#prompt", "A c");
      await page.locator(".hints").waitFor({ state: "detached" });
      const { top } = await boxOf(page, "#strip");
      await page.fill("#prompt", "A\u00a0\u200bc");
      await page.getByText("Contains non-breaking spaces and invisible characters").waitFor();
      await assertHintWhole(page);
      assert.equal((await boxOf(page, "#strip")).top, top, "a longer hint");
      await page.locator(".hints .chip").evaluate((chip) => {
        const text = "Cut into tokens in an unusual way: 111 of them, usually 125, first at token 103.";
        chip.querySelector("span")!.textContent = text;
        chip.querySelector("b")!.textContent = "Use the usual ones";
      });
      await assertHintWhole(page);
      assert.equal((await boxOf(page, "#strip")).top, top, "the longest hint");
    },
  );
}
