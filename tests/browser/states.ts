// Every state the page can be in, and how to get there.
import type { Page } from "playwright-core";
import { fault } from "../../lib/fault.ts";
import { FAKE_CONTEXT_LENGTH } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { answersOf, endingLanguage } from "./asked.ts";
import { type Options, type PageTest, settled } from "./browser.ts";

export interface PageState {
  readonly name: string;
  readonly options?: Options;
  readonly reach: (t: PageTest) => Promise<void>;
}

/** Starts a text that leaves room for one more token. */
export async function nearlyFill(page: Page): Promise<void> {
  await page.fill("#prompt", "x".repeat(FAKE_CONTEXT_LENGTH - 1));
  await page.keyboard.press("Control+Enter");
  await page.getByText("511 tokens", { exact: true }).waitFor({ state: "attached" }); // phones hide it
  await settled(page);
}

export async function emptyText(page: Page): Promise<void> {
  await settled(page);
  await page.fill("#prompt", "");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Write something, then Start").waitFor();
}

export const INFERENCE_FAULT = fault("inference_failed", "The model stopped while computing.");
const ERROR_LINE = /Failed to load resource|cannot be reached/;

const clickFirst = (page: Page) => page.locator("#bars button").first().click();
const append = async (page: Page) => {
  await settled(page);
  await clickFirst(page);
  await page.locator(".tok.appended").first().waitFor();
};

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

/** Three tokens, then another one in the place of the second. */
export async function branch(page: Page): Promise<void> {
  await write(page, 3);
  await page.locator("#strip .tok.appended").nth(1).click();
  await settled(page);
  await page.locator("#bars button").nth(4).click();
  await settled(page);
}

export const STATES: readonly PageState[] = [
  { name: "first", reach: ({ page }) => settled(page) },
  {
    name: "writing",
    reach: async ({ page }) => {
      for (let n = 1; n <= 5; n++) {
        await settled(page);
        await page.keyboard.press(String(n));
        await page.locator(".tok.appended").nth(n - 1).waitFor();
      }
      await settled(page);
    },
  },
  {
    name: "loading",
    options: {
      status: fakeStatus.loading({
        phase: "downloading",
        received: 167e6,
        total: 273e6,
        bytesPerSecond: 8.4e6,
      }),
    },
    reach: async ({ page }) => await page.getByText("167 MB of 273 MB").waitFor(),
  },
  {
    name: "opening",
    options: { status: fakeStatus.loading({ phase: "opening", total: 0, received: 0 }) },
    reach: async ({ page }) => await page.getByText("Open the ONNX session").waitFor(),
  },
  {
    name: "failed",
    options: { status: fakeStatus.failed() },
    reach: async ({ page }) => await page.getByText("The model could not be loaded").waitFor(),
  },
  {
    name: "request failed",
    options: { expected: ERROR_LINE },
    reach: async ({ page, server }) => {
      await settled(page);
      server.engine.failWith(INFERENCE_FAULT);
      await clickFirst(page);
      await page.getByText("No answer for this text").waitFor();
    },
  },
  {
    name: "server lost",
    options: { expected: ERROR_LINE },
    reach: async ({ page, server }) => {
      await settled(page);
      await server.close();
      await clickFirst(page);
      await page.getByText("The server does not answer", { exact: true }).waitFor();
    },
  },
  { name: "empty", reach: ({ page }) => emptyText(page) },
  {
    name: "waiting for an answer",
    reach: async ({ page, server }) => {
      await settled(page);
      server.engine.hold();
      await clickFirst(page);
      await page.locator(".dist.stale").waitFor();
    },
  },
  {
    name: "reading the prompt",
    reach: async ({ page, server }) => {
      await settled(page);
      server.engine.hold();
      await page.fill("#prompt", "A prompt that nobody has tokenised yet");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Reading the prompt…").waitFor();
      await page.waitForFunction(() => {
        const note = document.querySelector(".computing");
        return note !== null && getComputedStyle(note).visibility === "visible";
      });
    },
  },
  {
    name: "end of text",
    options: { answers: answersOf(endingLanguage()) },
    reach: async ({ page }) => {
      await append(page);
      await page.getByText("The model ended its text here").waitFor();
    },
  },
  {
    name: "context full",
    reach: async ({ page }) => {
      await settled(page);
      await nearlyFill(page);
      await clickFirst(page);
      await page.getByText("The context is full: 512 of 512 tokens.").waitFor();
    },
  },
  {
    name: "boundary",
    reach: async ({ page }) => {
      await settled(page);
      await page.fill("#prompt", "The cat sat ");
      await page.getByText("Remove it").waitFor();
    },
  },
  {
    name: "device warning",
    options: {
      status: fakeStatus.ready({ warning: "cuda was asked for but is not usable here: the CPU is used." }),
    },
    reach: async ({ page }) => {
      await settled(page);
      await page.getByText("cuda was asked for").waitFor();
    },
  },
  {
    name: "table",
    reach: async ({ page }) => {
      await settled(page);
      await page.keyboard.press("t");
      await page.locator("table").waitFor();
    },
  },
  {
    name: "plain text",
    reach: async ({ page }) => {
      await append(page);
      await page.getByRole("radio", { name: "Plain" }).click();
      await page.locator(".plain").waitFor();
    },
  },
  {
    name: "fifty candidates",
    reach: async ({ page }) => {
      await settled(page);
      await page.getByLabel("Show: number of candidates").fill("50");
      await page.waitForFunction(() => document.querySelectorAll("#bars button:not(.other)").length === 50);
    },
  },
  {
    name: "help",
    reach: async ({ page }) => {
      await settled(page);
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    },
  },
  {
    name: "tooltip",
    reach: async ({ page }) => {
      await settled(page);
      await page.locator(".model").focus();
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Tab");
      await page.getByRole("tooltip").waitFor();
    },
  },
  {
    name: "inspecting",
    reach: async ({ page }) => {
      await write(page, 3);
      await page.locator("#strip .tok.appended").nth(1).click();
      await page.getByText("Choose another bar to branch.").waitFor();
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
      await page.getByText("Model on").click();
      await page.getByText("The model is off").first().waitFor();
    },
  },
];
