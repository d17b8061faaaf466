// The app of the browser tests: built once for all of them (server.ts), with services of its own for every port that
// a test serves on.
import { createApp } from "../../app.ts";
import type { Services } from "../../lib/define.ts";

const services = new Map<string, Services>();

export const app = createApp((request) => {
  const { port } = new URL(request.url);
  const found = services.get(port);
  if (found === undefined) throw new Error(`No test serves on port ${port}`);
  return found;
});

/** What requests to this port work with from now on. */
export function serveOn(port: number, own: Services): void {
  services.set(String(port), own);
}
