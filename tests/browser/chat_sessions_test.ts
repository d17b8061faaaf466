// A conversation that goes on, and the sessions that the browser keeps.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PreviewInput } from "../../lib/wire/preview.ts";
import { fakeStatus } from "../fakes.ts";
import { assertAccessible, browserSuite, settled, stripTokens } from "./browser.ts";
import { expert } from "./states_exploring.ts";
import type { PageServer } from "./server.ts";

const browserTest = browserSuite();
const CHAT = { status: fakeStatus.ready({ hasChatTemplate: true }) };

async function ask(page: Page): Promise<void> {
  await settled(page);
  await page.getByRole("radio", { name: "Chat" }).click();
  await page.getByLabel("Text of message 2").fill("sun");
  await page.keyboard.press("Control+Enter");
  await settled(page);
}

const newestTurns = ({ engine }: PageServer) =>
  engine.jobs.map(({ input }) => (input as PreviewInput).messages).filter((turns) => turns !== null).at(-1)!;

const turn = (page: Page, number: number) => page.getByLabel(`Text of message ${number}`);

browserTest("the reply becomes a message and the next turn is one key away", CHAT, async (t) => {
  const { page, server } = t;
  await ask(page);
  await page.locator("#bars button").first().focus();
  await page.keyboard.press("1");
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  const reply = (await stripTokens(page)).at(-1)!;
  await page.keyboard.press("n");
  await turn(page, 4).waitFor();
  assert.equal(await turn(page, 3).inputValue(), reply);
  await page.waitForFunction(() =>
    document.activeElement?.getAttribute("aria-label") === "Text of message 4"
  );
  assert.equal(await page.getByText("Start and keep").count(), 0, "the reply is in the conversation already");
  await page.keyboard.type("and the moon?");
  await page.keyboard.press("Control+Enter");
  await settled(page);
  await page.waitForFunction(() => document.querySelectorAll(".tok.appended").length === 0);
  assert.deepEqual(
    newestTurns(server).map(({ role, content }) => [role, content]).slice(1),
    [["user", "sun"], ["assistant", reply], ["user", "and the moon?"]],
  );
});

const REFUSED = { ...CHAT, expected: /Failed to load resource/ };

browserTest("by mouse: Next turn, and what a turn has besides its text", REFUSED, async (t) => {
  const { page, server } = t;
  await ask(page);
  const next = page.getByRole("button", { name: "Next turn" });
  assert.equal(await next.getAttribute("aria-disabled"), "true", "nothing is said yet");
  await page.locator("#bars button").first().click();
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  await next.click();
  await turn(page, 4).waitFor();
  await page.getByRole("button", { name: "Add thinking to message 3" }).click();
  await page.getByLabel("thinking of message 3").fill("Short is best.");
  await page.getByRole("button", { name: "Add tool calls to message 3" }).click();
  const calls = page.getByLabel("tool calls of message 3");
  await calls.fill("[{");
  await page.getByText("This is no JSON yet").waitFor();
  await calls.fill('[{"function": {"name": "sum", "arguments": {}}}]');
  await page.getByText("This is no JSON yet").waitFor({ state: "detached" });
  await page.getByLabel("Role of message 4").selectOption("tool");
  await turn(page, 4).fill("3");
  await page.getByText("Calls a tool", { exact: true }).waitFor();
  await page.getByText("A tool's answer", { exact: true }).waitFor();
  await assertAccessible(page, "a chat with tool calls");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("Unknown role tool").first().waitFor(); // this template knows no tools, and says so
  await page.getByLabel("Role of message 4").selectOption("user");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await settled(page);
  const [, , said, answered] = newestTurns(server);
  assert.equal(said!.reasoning_content, "Short is best.");
  assert.deepEqual(said!.tool_calls, [{ function: { name: "sum", arguments: {} } }]);
  assert.deepEqual([answered!.role, answered!.content], ["user", "3"]);
});

async function openSessions(page: Page): Promise<void> {
  if (await page.getByRole("tab", { name: /Sessions/ }).count() === 0) await expert(page);
  await page.getByRole("tab", { name: /Sessions/ }).click();
  await page.locator(".kept.on").waitFor();
}

browserTest("a new session, the list, the way back, and delete", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "The cat sat on");
  await page.keyboard.press("Control+Enter");
  await settled(page);
  await page.locator("#bars button").first().click();
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  const before = await stripTokens(page);
  await openSessions(page);
  await page.getByRole("button", { name: "New session" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".tok.appended").waitFor({ state: "detached" });
  await settled(page);
  assert.notEqual(await page.inputValue("#prompt"), "The cat sat on");
  await openSessions(page);
  const old = page.getByRole("button", { name: /^The cat sat on 1 path/ });
  await old.waitFor();
  await old.focus();
  await page.keyboard.press("Enter");
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  assert.deepEqual(await stripTokens(page), before);
  await openSessions(page);
  const others = page.getByRole("button", { name: /^Delete the session/, disabled: false });
  await page.waitForFunction(() => document.querySelectorAll(".kept").length === 2);
  await others.first().click();
  await page.waitForFunction(() => document.querySelectorAll(".kept").length === 1);
  await page.getByRole("button", { name: "Clear this one" }).click();
  await page.getByText("Write something, then Start").waitFor();
  await page.keyboard.press("Control+z");
  await page.locator(".tok.appended").waitFor();
});
