// The states of the tab "Constraint".
import type { Page } from "playwright-core";
import type { PageState } from "./states.ts";
import { settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";

/** Opens the tab, chooses a kind, and writes `text` where it is given. */
export async function constrain(page: Page, kind: string, text: string | null = null): Promise<void> {
  await page.getByRole("tab", { name: /^Constraint/ }).click();
  await page.getByRole("radio", { name: kind, exact: true }).click();
  if (text !== null) await page.locator("#constraint-text").fill(text);
  await page.locator(".check-ok, .check-bad").waitFor();
}

/** Waits until the bars are those of the constraint. */
export async function constrained(page: Page): Promise<void> {
  await page.locator("#bars .cut").first().waitFor();
  await settled(page);
}

async function opened(page: Page): Promise<void> {
  await settled(page);
  await expert(page);
}

export const CONSTRAINT_STATES: readonly PageState[] = [
  {
    name: "constraint off",
    reach: async ({ page }) => {
      await opened(page);
      await page.getByRole("tab", { name: /^Constraint/ }).click();
      await page.getByText("No constraint: every token may follow.").waitFor();
    },
  },
  {
    name: "constraint choices",
    reach: async ({ page }) => {
      await opened(page);
      await constrain(page, "Choices", "the sea\nthe sound\nthat");
      await constrained(page);
      await page.locator("table.choices").getByText("the sound").waitFor(); // of this text, not of one before
      await settled(page);
    },
  },
  {
    name: "constraint regex",
    reach: async ({ page }) => {
      await opened(page);
      await constrain(page, "Regex", ".*|(ab)+c?");
      await page.getByText("The text may end here.").waitFor();
      await page.getByText("Removed by the mask").waitFor(); // from the answer: the bars are those of the constraint
      await page.getByRole("tab", { name: /^Constraint/ }).focus();
      for (let tries = 0; tries < 100 && await page.locator(".tok.appended").count() === 0; tries++) {
        await settled(page);
        await page.keyboard.press("3"); // left alone while the page asks anew for what has just changed
        await settled(page);
      }
      await page.locator(".tok.appended").waitFor();
      await page.locator(".automaton").waitFor();
      await page.getByText("May come next").waitFor();
    },
  },
  {
    name: "constraint error",
    reach: async ({ page }) => {
      await opened(page);
      await constrain(page, "Grammar", 'root ::= noun verb\nnoun ::= " sea"\nverb ::= " sings" | mood');
      await page.locator("mark.error").waitFor();
    },
  },
  {
    name: "constraint schema",
    reach: async ({ page }) => {
      await opened(page);
      await constrain(page, "JSON schema");
      await constrained(page);
      await page.locator("#bars .cut").first().hover();
      await page.locator(".barred").waitFor();
    },
  },
];
