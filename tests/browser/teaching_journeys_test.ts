// The newer ways of a teacher and of a researcher, each by mouse and by keyboard alone.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserSuite, settled, tabTo } from "./browser.ts";

const browserTest = browserSuite();

/** How a hand reaches and presses: by mouse, or with Tab, arrows, letters and Enter. */
interface Hand {
  tab(name: string): Promise<void>;
  press(button: string): Promise<void>;
  toggle(name: RegExp): Promise<void>;
  write(label: string, text: string): Promise<void>;
}

const byMouse = (page: Page): Hand => ({
  async tab(name) {
    if (await page.getByRole("tab").count() === 0) {
      await page.getByRole("button", { name: "More controls" }).click();
    }
    await page.getByRole("tab", { name: new RegExp(name) }).click();
  },
  press: (button) => page.getByRole("button", { name: button, exact: true }).first().click(),
  toggle: (name) => page.getByText(name).last().click(),
  write: (label, text) => page.getByLabel(label, { exact: true }).last().fill(text),
});

const byKeyboard = (page: Page): Hand => {
  const names = (text: string) => new RegExp(`^${text.replaceAll(/[()]/g, "\\$&")}`);
  return {
    async tab(name) {
      if (await page.getByRole("tab").count() === 0) await page.keyboard.press("m");
      await page.getByRole("tab").first().waitFor();
      await tabTo(page, /./, "Tab", "[role=tab]");
      const isThere = () => page.evaluate(() => document.activeElement?.textContent ?? "");
      while (!(await isThere()).startsWith(name)) await page.keyboard.press("ArrowRight");
    },
    async press(button) {
      await page.getByRole("button", { name: names(button) }).first().waitFor(); // else Tab passes its place
      await tabTo(page, names(button), "Tab", "button");
      await page.keyboard.press("Enter");
    },
    async toggle(name) {
      const label = page.getByRole("switch", { name });
      for (let n = 0; n < 80 && !await label.evaluate((it) => it === document.activeElement); n++) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
    },
    async write(label, text) {
      const field = page.getByLabel(label, { exact: true }).last();
      for (let n = 0; n < 80 && !await field.evaluate((it) => it === document.activeElement); n++) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.type(text);
    },
  };
};

async function teach(page: Page, hand: Hand): Promise<void> {
  await settled(page);
  await hand.tab("Class");
  await hand.press("Draw 100 times");
  await page.locator("#bars .count").first().waitFor();
  await page.getByRole("group", { name: "Softmax of the candidates" }).waitFor();
  await hand.toggle(/Hide the bars/);
  await page.locator("#bars").waitFor({ state: "detached" });
  await hand.write("What comes next?", "the");
  await hand.press("Guess");
  await page.locator("#bars").waitFor();
  await page.getByText(/^1 guess: \d the model's first/).waitFor();
}

async function research(page: Page, hand: Hand): Promise<void> {
  await settled(page);
  await page.locator("#bars button").first().waitFor();
  await hand.tab("Study");
  await page.getByRole("img", { name: /^Surprise and uncertainty/ }).waitFor();
  await hand.write("Another prompt (may stay empty)", "The cat sat on");
  await hand.write("Text that is read behind it", " the mat");
  await hand.press("Read both");
  await page.getByRole("group", { name: "Both readings, token by token" }).waitFor();
  await hand.write("One prompt a line; \\n stands for a line break", "The cat");
  await hand.press("Run 1 prompt");
  await page.getByRole("group", { name: "The prompts and what comes next" }).waitFor();
  await hand.tab("Branches");
  await hand.press("What could follow");
  await hand.press("Look ahead");
  await page.getByRole("tree", { name: "Most probable continuations" }).waitFor();
}

for (const [way, handOf] of [["mouse", byMouse], ["keyboard", byKeyboard]] as const) {
  browserTest(`teacher by ${way}: draws, a guess, the softmax`, {}, async ({ page }) => {
    await teach(page, handOf(page));
  });
  browserTest(`researcher by ${way}: two readings, a list, what could follow`, {}, async ({ page }) => {
    await research(page, handOf(page));
    assert.ok(await page.locator(".ahead [role=treeitem]").count() > 1);
  });
}
