// The states of an exploration: inspected, branched, sampled, searched, in chat, forced, off.
import type { Page } from "playwright-core";
import { fakeStatus } from "../fakes.ts";
import { settled } from "./browser.ts";
import type { PageState } from "./states.ts";

/** Appends tokens one after another. */
export async function write(page: Page, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await settled(page);
    await page.keyboard.press("3");
    await page.locator(".tok.appended").nth(n).waitFor();
  }
  await settled(page);
}

/** Opens "More controls" and waits for its panel. */
export async function expert(page: Page): Promise<void> {
  await page.keyboard.press("m");
  await page.locator(".panel > :not(.panel-wait)").first().waitFor();
  await settled(page);
}

/** Opens "More controls" at a tab. */
async function openTab(page: Page, name: RegExp): Promise<void> {
  await expert(page);
  await page.getByRole("tab", { name }).click();
}

/** Three tokens, then another one in the place of the second. */
export async function branch(page: Page): Promise<void> {
  await write(page, 3);
  await page.locator("#strip .tok.appended").nth(1).click();
  await settled(page);
  await page.locator("#bars button").nth(4).click();
  await settled(page);
}

/** A look ahead that has ended. */
async function lookedAhead(page: Page): Promise<void> {
  await settled(page);
  await openTab(page, /Branches/);
  await page.getByText("What could follow").click();
  await page.getByLabel("Tokens ahead", { exact: true }).selectOption("2");
  await page.getByLabel("Until it knows", { exact: true }).selectOption("25");
  await page.getByRole("button", { name: "Look ahead", exact: true }).click();
  await page.getByText(/continuations of 2 tokens hold/).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor({ state: "detached" });
}

export const EXPLORING_STATES: readonly PageState[] = [
  {
    name: "inspecting",
    reach: async ({ page }) => {
      await write(page, 3);
      await page.locator("#strip .tok.appended").nth(1).click();
      await page.getByText("Choose another bar to branch.").waitFor();
    },
  },
  {
    name: "inspecting the prompt",
    reach: async ({ page }) => {
      await settled(page);
      await page.locator("#strip .tok").nth(2).click();
      await page.locator(".inspection-notice").getByText(/rank \d/).waitFor();
      await settled(page);
    },
  },
  {
    name: "answers",
    reach: async ({ page }) => {
      await lookedAhead(page);
      await page.getByRole("radio", { name: "Answers" }).click();
      await page.getByText("Unexplored", { exact: true }).waitFor();
    },
  },
  {
    name: "treemap",
    reach: async ({ page }) => {
      await lookedAhead(page);
      await page.getByRole("radio", { name: "Treemap" }).click();
      await page.locator(".map-tile").first().waitFor();
    },
  },
  {
    name: "a toast with Undo",
    reach: async ({ page }) => {
      await branch(page);
      await openTab(page, /Branches/);
      await page.getByRole("button", { name: "Delete Branch B" }).click();
      await page.locator(".toast").getByRole("button", { name: "Undo" }).waitFor();
    },
  },
  {
    name: "token card",
    reach: async ({ page }) => {
      await write(page, 3);
      await page.locator("#strip .tok.appended").nth(1).hover();
      await page.locator("#token-card").waitFor();
    },
  },
  {
    name: "looking ahead",
    reach: async ({ page }) => {
      await write(page, 2);
      await page.locator("#bars button").nth(2).hover();
      await page.locator(".peek").waitFor();
    },
  },
  {
    name: "sampling",
    reach: async ({ page }) => {
      await write(page, 2);
      await expert(page);
      await page.getByRole("radio", { name: "Balanced" }).click();
      await page.locator("#bars .cut").first().waitFor();
      await settled(page);
    },
  },
  {
    name: "log axis, surprise",
    reach: async ({ page }) => {
      await write(page, 3);
      await expert(page);
      await page.keyboard.press("l");
      await page.keyboard.press("h");
      await page.getByText("8 bits, surprising").waitFor();
    },
  },
  {
    name: "branches",
    reach: async ({ page }) => {
      await branch(page);
      await expert(page);
      await page.getByRole("tab", { name: /Branches/ }).click();
      await page.getByText("Branch B").waitFor();
    },
  },
  {
    name: "study",
    reach: async ({ page }) => {
      await write(page, 3);
      await openTab(page, /Study/);
      await page.getByText(/^Completion: 3 scored tokens/).waitFor();
      await page.getByLabel("Another prompt (may stay empty)").fill("The cat sat on");
      await page.getByRole("button", { name: "Read both" }).click();
      await page.getByText(/^A − B:/).waitFor();
    },
  },
  {
    name: "class",
    options: { config: { host: "0.0.0.0", allowedHosts: ["*"] } },
    reach: async ({ page }) => {
      await settled(page);
      await openTab(page, /Class/);
      await page.getByRole("button", { name: "Draw 100 times" }).click();
      await page.locator("#bars .count").first().waitFor();
      await page.getByText("Lock the model").waitFor();
    },
  },
  {
    name: "guess first",
    reach: async ({ page }) => {
      await settled(page);
      await openTab(page, /Class/);
      await page.getByText("Hide the bars until").click();
      await page.getByLabel("What comes next?").waitFor();
    },
  },
  {
    name: "projector",
    reach: async ({ page }) => {
      await write(page, 2);
      await page.getByRole("button", { name: "Projector" }).click();
      await page.getByRole("link", { name: "API" }).waitFor({ state: "hidden" });
    },
  },
  {
    name: "sessions",
    reach: async ({ page }) => {
      await write(page, 1);
      await openTab(page, /Sessions/);
      await page.locator(".kept").first().waitFor();
    },
  },
  {
    name: "searching",
    reach: async ({ page }) => {
      await settled(page);
      await page.keyboard.press("/");
      await page.locator("#vocabulary-query").fill("sea");
      await page.getByText("of 300 match").waitFor();
    },
  },
  {
    name: "chat",
    options: { status: fakeStatus.ready({ hasChatTemplate: true }) },
    reach: async ({ page }) => {
      await settled(page);
      await page.getByRole("radio", { name: "Chat" }).click();
      await page.getByLabel("Text of message 2").fill("sun");
      await page.keyboard.press("Control+Enter");
      await settled(page);
    },
  },
  {
    name: "forcing text",
    reach: async ({ page }) => {
      await settled(page);
      await page.locator("#force").fill(" Paris, the moon");
      await page.locator(".force-token").first().waitFor();
    },
  },
  {
    name: "another prompt",
    reach: async ({ page }) => {
      await write(page, 2);
      await page.fill("#prompt", "The cat sat on");
      await page.getByText("Start and keep the 2 tokens after it").waitFor();
    },
  },
  {
    name: "model off",
    reach: async ({ page }) => {
      await write(page, 2);
      await expert(page);
      await page.getByText("Predictions on").click();
      await page.getByText("The model is off").first().waitFor();
    },
  },
];
