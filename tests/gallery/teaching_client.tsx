/// <reference lib="dom" />
// Brings the part of a gallery page to life, and offers what only a browser can be asked about exports.
import { hydrate } from "preact";
import { distView } from "../../lib/explorer/views/dist_rows.ts";
import { createRandomNonce, pngOfSvg } from "../../lib/explorer/share/exports/browser.ts";
import { replayHtml } from "../../lib/explorer/share/exports/replay/html.ts";
import { replayOf } from "../../lib/explorer/share/exports/replay/data.ts";
import { barsSvg } from "../../lib/explorer/share/exports/svg.ts";
import { DEFAULT_PARAMS } from "../../lib/sampling/params.ts";
import type { TreeNode } from "../../lib/explorer/session/types.ts";
import { FIRST, sampleTree } from "./exploration.ts";
import { TEACHING_PARTS } from "./teaching_parts.tsx";

const root = document.getElementById("part")!;
const Part = TEACHING_PARTS[root.dataset.part ?? ""]!;
hydrate(<Part />, root);

const svg = (theme: "light" | "dark") =>
  barsSvg(distView(FIRST, { vocabulary: 49_152, expert: true }), {
    title: "The best thing about living by the sea is",
    caption: "Small-135M-Instruct · temperature 0.7",
    theme,
    raw: true,
  });

/** Two pictures of the beginning of every path. */
const MAPS = [
  {
    title: "Occlusion of space the",
    shares: [0.1, 0.7, 0.4, -0.3],
    strongest: "Strongest: space best +0.36.",
  },
  { title: "Attention of space the", shares: [1], strongest: "Strongest: The 0.90." },
];

/** A replay that knows what could come behind the first of its paths. */
function replay(): string {
  const tree = sampleTree();
  const of = (tip: unknown) => tip === tree.branches[0]!.tip ? FIRST : undefined;
  const next = { params: DEFAULT_PARAMS, of };
  const maps = (place: TreeNode) => place.kind === "root" ? MAPS : [];
  const shown = replayOf(tree, { date: new Date(Date.UTC(2026, 2, 1)), next, maps });
  return replayHtml(shown, { nonce: createRandomNonce() });
}

Object.assign(globalThis, {
  exported: {
    replay,
    svg,
    png: async () => [...new Uint8Array(await (await pngOfSvg(svg("light"))).arrayBuffer())],
  },
});
