// The fields of the sampling tab that take tokens and texts.
import assert from "node:assert/strict";
import { FAKE_INFO } from "../fakes.ts";
import { fakeEncode } from "../fake_model.ts";
import { lastAsked } from "./asked.ts";
import { assertAccessible, browserSuite, settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();

browserTest("DRY's breakers are named as text or by id, and sent", {}, async ({ page, server }) => {
  await settled(page);
  await expert(page);
  await page.getByRole("button", { name: /^More stages/ }).click();
  const field = page.getByLabel("Sequence breakers");
  await field.fill("\\n");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Remove sequence breaker/ }).waitFor();
  await field.fill("#3");
  await field.press("Enter");
  await page.getByRole("button", { name: /^Remove sequence breaker/ }).nth(1).waitFor();
  await settled(page);
  const [first, second] = lastAsked(server).input.params.dry_breakers;
  assert.deepEqual([first, second], [fakeEncode("\n", false)[0], 3]);
  await field.press("Backspace"); // the page knows that answer: nothing is asked
  await page.getByRole("button", { name: "Remove sequence breaker token 3" }).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: /^Remove sequence breaker/ }).count(), 1);
  await assertAccessible(page, "all stages");
});

browserTest("an id that the model does not have is refused where it is typed", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  const field = page.getByLabel("Logit bias");
  await field.fill(`#${FAKE_INFO.vocabSize} 5`);
  await field.press("Enter");
  await page.getByRole("alert").getByText(/^The model's tokens are #0 to #/).waitFor();
  assert.equal(await field.inputValue(), `#${FAKE_INFO.vocabSize} 5`);
});
