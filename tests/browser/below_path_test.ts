// The page below a path, as behind a reverse proxy that serves something else at its root.
import assert from "node:assert/strict";
import { browserSuite, settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";
import { saved } from "./sharing.ts";

const browserTest = browserSuite();

browserTest(
  "below a path nothing that the page asks for, opens or hands out lies outside of it",
  { config: { basePath: "/app" }, ownPage: true },
  async ({ page, server }) => {
    await page.goto("about:blank"); // what the page at the root asks for has been asked
    const outside: string[] = [];
    const failed: string[] = [];
    page.on("request", (request) => {
      const { pathname, protocol } = new URL(request.url());
      if (protocol === "http:" && !pathname.startsWith("/app/")) outside.push(pathname);
    });
    page.on("response", (answer) => void (answer.ok() || failed.push(`${answer.status()} ${answer.url()}`)));
    await page.goto(`${server.url}/app/`);
    await settled(page);
    await expert(page);
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      await page.getByRole("tabpanel").first().waitFor();
    }
    await page.getByRole("tab", { name: /Class/ }).click();
    await page.getByText("Only this computer can open the page").waitFor();
    assert.match((await saved(page, "SVG of the bars")).text, /data:font\/woff2;base64,/);
    for (const path of ["api", "api/"]) {
      await page.goto(`${server.url}/app/${path}`);
      const links = page.locator("main a:not([href^='#'])");
      for (
        const link of await links.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href))
      ) {
        assert.equal((await page.request.get(link)).status(), 200, `${link} on /app/${path}`);
      }
    }
    assert.deepEqual({ outside, failed }, { outside: [], failed: [] });
  },
);
