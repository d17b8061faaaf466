// Every state the page can be in, and how to get there.
import type { Page } from "playwright-core";
import { fault } from "../../lib/fault.ts";
import { FAKE_CONTEXT_LENGTH } from "../fake_model.ts";
import { fakeStatus } from "../fakes.ts";
import { answersOf, endingLanguage, endlessLanguage } from "./asked.ts";
import { type Options, type PageTest, settled } from "./browser.ts";
import { CONSTRAINT_STATES } from "./states_constraint.ts";
import { EXPLORING_STATES } from "./states_exploring.ts";

export interface PageState {
  readonly name: string;
  readonly options?: Options;
  readonly reach: (t: PageTest) => Promise<void>;
}

/** Starts a text that leaves room for one more token. */
export async function nearlyFill(page: Page, contextLength = FAKE_CONTEXT_LENGTH): Promise<void> {
  await page.fill("#prompt", "x".repeat(contextLength - 1));
  await page.keyboard.press("Control+Enter");
  const filled = page.getByText(`${contextLength - 1} tokens`, { exact: true });
  await filled.waitFor({ state: "attached" }); // phones hide it
  await settled(page);
}

export async function emptyText(page: Page): Promise<void> {
  await settled(page);
  await page.fill("#prompt", "");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Write something, then Start").waitFor();
}

export const INFERENCE_FAULT = fault("inference_failed", "The model stopped while computing.");
/** A context that few tokens fill: axe looks at each of them eight times. */
const SHORT = 64;
const ERROR_LINE = /Failed to load resource|cannot be reached/;

const clickFirst = (page: Page) => page.locator("#bars button").first().click();
const append = async (page: Page) => {
  await settled(page);
  await clickFirst(page);
  await page.locator(".tok.appended").first().waitFor();
};

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
    name: "offline",
    reach: async ({ page }) => {
      await settled(page);
      await page.evaluate(() => {
        Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
        dispatchEvent(new Event("offline"));
      });
      await page.getByText("Offline. Cached models work.").waitFor({ state: "attached" });
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
      await page.locator(".dist.dim").waitFor();
    },
  },
  {
    name: "reading the prompt",
    reach: async ({ page, server }) => {
      await settled(page);
      server.engine.hold();
      await page.fill("#prompt", "A prompt that nobody has tokenised yet");
      await page.keyboard.press("Control+Enter");
      await page.locator(".unread").getByText("A prompt that nobody has tokenised yet").waitFor();
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
    options: {
      status: fakeStatus.ready({ contextLength: SHORT }),
      answers: answersOf(endlessLanguage(SHORT)),
    },
    reach: async ({ page }) => {
      await settled(page);
      await nearlyFill(page, SHORT);
      await clickFirst(page);
      await page.getByText(`The context is full: ${SHORT} of ${SHORT} tokens.`).waitFor();
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
  ...EXPLORING_STATES,
  ...CONSTRAINT_STATES,
];
