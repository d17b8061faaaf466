// One HTML file that plays an exploration back: no server, no model, no network. Its content security policy allows
// nothing but its own style and script, which carry a nonce that no text inside can know.
import { escapeHtml } from "../../../../basics/escape_html.ts";
import type { Replay } from "./data.ts";
import { replayPlayer } from "./player.ts";
import { REPLAY_STYLE } from "./style.ts";

export interface ReplayFileOptions {
  /** Random, new for every file: letters, digits, + / = _ and -. */
  readonly nonce: string;
}

/** The whole file. Throws a RangeError for a nonce that would break out of its attribute. */
export function replayHtml(replay: Replay, { nonce }: ReplayFileOptions): string {
  if (!/^[\w+/=-]{8,}$/.test(nonce)) {
    throw new RangeError("A nonce has at least 8 letters, digits, + / = _ or -");
  }
  const policy =
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; ` +
    `form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(replay.title)}</title>
<style nonce="${nonce}">${REPLAY_STYLE}</style>
</head>
<body>
${writeBody(replay)}
<script type="application/json" id="data">${writeJsonInScript(replay)}</script>
<script nonce="${nonce}">(${writePlayerSource()})(JSON.parse(document.getElementById("data").textContent));</script>
</body>
</html>
`;
}

function writeBody({ title, model, date }: Replay): string {
  const made = model === "" ? `Saved ${date}.` : `Model ${model}, saved ${date}.`;
  return `<header>
<h1>${escapeHtml(title)}</h1>
<p class="note">${escapeHtml(made)} A recording: nothing is computed here.</p>
</header>
<main>
<section class="card" aria-labelledby="text-label">
<div class="row"><h2 id="text-label">Text</h2><p class="note" id="summary"></p><span class="grow"></span>
<label id="paths">Path <select id="path"></select></label></div>
<div id="strip" role="group" aria-labelledby="text-label"></div>
<div class="row" role="group" aria-label="Playback">
<button type="button" id="first" aria-label="First step">|◀</button>
<button type="button" id="back">Back</button>
<button type="button" id="play">Play</button>
<button type="button" id="next">Next</button>
<button type="button" id="last" aria-label="Last step">▶|</button>
<input type="range" id="at" min="0" step="1" value="0" aria-label="Step">
</div>
</section>
<section class="card" aria-labelledby="bars-label">
<h2 id="bars-label">What could come next</h2>
<p id="place" role="status"></p>
<p id="facts"></p>
<div id="maps" class="row" hidden><label>Attribution <select id="map"></select></label>
<p id="strongest" class="note"></p></div>
<p id="none" class="note" hidden>This step was saved without its distribution.</p>
<ol id="bars" aria-labelledby="bars-label"></ol>
</section>
<p class="note">A thin line in a bar is the model's own probability, before any setting.
Keys: ← → one step, Home and End, Space plays.</p>
</main>`;
}

/** The player's own source text: a function without imports, so it means the same in any file. */
function writePlayerSource(): string {
  return replayPlayer.toString().replaceAll("</", "<\\/");
}

/** JSON that cannot end its script element, nor open a comment in it. */
export function writeJsonInScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
