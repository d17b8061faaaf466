/// <reference lib="dom" />
// What the Share menu does. Loaded with the first press: exports are large and rarely wanted.
import { messageOf } from "../../basics/message_of.ts";
import type { Computed } from "../attribution/run.ts";
import { modelIdOf, readyModel } from "../session/model.ts";
import { barsView } from "../views/bars_view.ts";
import { currentTip } from "../session/branches.ts";
import { modelNameOf } from "../views/placeholder.ts";
import { createRandomNonce, pngOfSvg, saveFile } from "./exports/browser.ts";
import { embedFonts } from "./exports/fonts.ts";
import { saveTable } from "./tables.ts";
import { csvOf, csvOfDistribution } from "./exports/csv.ts";
import { createJsonFile, exportName } from "./exports/file.ts";
import { replayHtml } from "./exports/replay/html.ts";
import { replayOf, settingsText } from "./exports/replay/data.ts";
import { listMaps } from "./exports/replay/maps.ts";
import { curlOf, pythonOf, type RequestExport } from "./exports/request.ts";
import { barsSvg } from "./exports/svg.ts";
import { openSaved } from "../storage/saved/open.ts";
import { copyText, type Page } from "../page/page.ts";
import { completionText, pathText } from "../session/path_text.ts";
import { draftSource } from "../moves/prompt_moves.ts";
import { isForeign, knownKeyOf, placeOf, shownSettingsOf } from "../session/question.ts";
import { bodyOfPreview, contextOfPrompt } from "../asking/request.ts";
import { readSavedFile } from "../storage/saved/check.ts";
import { saveSession } from "../storage/saved/session.ts";
import { LONG_LINK, type Shared, shareLink } from "./link.ts";
import type { ShareAction } from "./menu.ts";
import type { DistResult } from "../../wire/distribution.ts";
import { hasEnded, pathIdsOf, rootOf, stepsOf } from "../session/tree.ts";
import type { Session, TreeNode } from "../session/types.ts";

/** What came of it, to be said to the user. */
export interface ShareOutcome {
  /** In a word, for a moment. */
  readonly said?: string;
  /** Undo takes it back. */
  readonly undoable?: true;
  /** Why nothing was done: stays until it is dismissed. */
  readonly problem?: string;
}

interface ShareContext {
  readonly page: Page;
  readonly theme: "light" | "dark";
  /** Every attribution that was computed on this page. */
  readonly attributions: readonly Computed[];
}

const LONGEST_TITLE = 90; // characters

/** What a link of this session carries. */
export function sharedOf(session: Session): Shared | null {
  const tip = currentTip(session.tree);
  const source = tip === null ? draftSource(session.draft) : rootOf(tip).source;
  if (source === null) return null;
  const { read } = tip === null ? { read: null } : rootOf(tip);
  const ids = tip === null ? null : pathIdsOf(tip);
  const completion = tip === null || tip.depth === 0 || ids === null || read === null ? null : {
    modelId: read.modelId,
    tokenizerKey: read.tokenizerKey,
    promptIds: ids.prompt,
    ids: ids.completion,
    text: completionText(tip),
  };
  return { source, completion, settings: session.settings };
}

/** POST /api/preview of what the page shows. */
function requestOf(session: Session, origin: string): RequestExport | null {
  const { draft } = session;
  const [place, settings] = [placeOf(session), shownSettingsOf(session)];
  const source = draftSource(draft);
  const path = "/api/preview";
  const { params, constraint, topK } = settings;
  if (place === null) {
    if (source === null) return null;
    const body = { ...contextOfPrompt(source), top_k: topK, params, constraint };
    return { origin, path, body, about: null };
  }
  const body = bodyOfPreview(place, settings, []);
  const { prompt_ids: _, completion_ids: __, ...rest } = body;
  const text = pathText(place);
  const written = contextOfPrompt({ kind: "text", text });
  return {
    origin,
    path,
    body,
    about: { text, model: modelIdOf(session) ?? "", byText: { ...written, ...rest } },
  };
}

/** What could come at the ends of the paths: known, or asked for now. */
async function collectNext({ explorer, api }: Page) {
  const session = explorer.session.value;
  const { settings } = session;
  const key = readyModel(session)?.key ?? null;
  const of = (tip: TreeNode) =>
    explorer.known.get(tip, knownKeyOf(key, settings, [])) ??
      explorer.known.get(tip, knownKeyOf(key, settings, ["stages"]));
  const asked = new Map<TreeNode, DistResult>();
  for (const { id, tip } of session.tree.branches) {
    const foreign = isForeign({ ...session, tree: { ...session.tree, current: id } });
    if (foreign || of(tip) !== undefined || hasEnded(tip) || pathIdsOf(tip) === null) continue;
    const answer = await api.peek(bodyOfPreview(tip, settings, [], key), never, "ahead").catch(() => null);
    if (answer !== null) asked.set(tip, answer.dist);
  }
  return { params: settings.params, of: (tip: TreeNode) => of(tip) ?? asked.get(tip) };
}

/** A signal that does not abort. */
const never = new AbortController().signal;

/** Does one of the menu's actions. Everything that can go wrong comes back as `problem`. */
export async function runShare(action: ShareAction, context: ShareContext): Promise<ShareOutcome> {
  const session = context.page.explorer.session.value;
  const tip = currentTip(session.tree);
  const about = { text: tip === null ? "" : pathText(tip), date: new Date() };
  const save = (name: string, type: string, content: string): ShareOutcome => {
    saveFile({ name, type, content });
    return { said: `Saved ${name}.` };
  };
  switch (action) {
    case "link":
      return await copyLink(session);
    case "html":
      return save(exportName("html", about), "text/html", await writeReplay(context, titleOf(about.text)));
    case "json":
      saveFile(createJsonFile(saveSession(session, about.date), about));
      return { said: "Saved the session." };
    case "import":
      return await importFile(context.page);
    case "csv": {
      const steps = session.tree.branches.some(({ tip }) => stepsOf(tip).length > 0);
      const content = steps || session.answer === null
        ? csvOf(session.tree)
        : csvOfDistribution(session.answer.dist);
      return save(exportName("csv", about), "text/csv", content);
    }
    case "csvAll":
    case "csvText":
      return await saveTable(
        action,
        context.page,
        (content) => save(exportName("csv", about), "text/csv", content),
      );
    case "svg":
    case "png":
      return await saveBars(action, session, context.theme, about);
    default:
      return await copyRequest(action, session);
  }
}

async function writeReplay({ page, attributions }: ShareContext, title: string): Promise<string> {
  const maps = (place: TreeNode) => listMaps(attributions, place);
  const next = await collectNext(page);
  const { tree } = page.explorer.session.value;
  return replayHtml(replayOf(tree, { title, date: new Date(), next, maps }), { nonce: createRandomNonce() });
}

function titleOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  if (characters.length === 0) return "Next Token: an exploration";
  return characters.length <= LONGEST_TITLE ? line : `${characters.slice(0, LONGEST_TITLE - 1).join("")}…`;
}

async function copyAndSay(text: string, said: string): Promise<ShareOutcome> {
  return await copyText(text) ? { said } : { problem: "The browser did not allow copying." };
}

async function copyLink(session: Session): Promise<ShareOutcome> {
  const shared = sharedOf(session);
  if (shared === null) return { problem: "There is no text to share yet." };
  const link = shareLink(location.href, shared);
  const long = link.length > LONG_LINK ? " It is long: some programs cut such links. A file is safer." : "";
  return await copyAndSay(link, `The link is copied.${long}`);
}

async function copyRequest(action: "curl" | "python", session: Session): Promise<ShareOutcome> {
  const request = requestOf(session, new URL(".", location.href).href.slice(0, -1));
  if (request === null) return { problem: "There is no text to ask about yet." };
  return action === "curl"
    ? await copyAndSay(curlOf(request), "The curl command is copied.")
    : await copyAndSay(pythonOf(request), "The Python program is copied.");
}

async function saveBars(
  action: "svg" | "png",
  session: Session,
  theme: ShareContext["theme"],
  about: { readonly text: string; readonly date: Date },
): Promise<ShareOutcome> {
  const bars = barsView(session);
  if (bars === null) return { problem: "There are no bars to draw yet." };
  const id = modelIdOf(session);
  const model = id === null ? [] : [modelNameOf(id)];
  const caption = [...model, settingsText(shownSettingsOf(session).params)].join(" · ");
  const place = placeOf(session);
  const title = (place === null ? "" : pathText(place)).replace(/\s+/g, " ").trim() || titleOf("");
  const drawn = { title, caption, theme, raw: session.display.expert, removed: bars.removed };
  const svg = barsSvg(bars.dist, { ...drawn, fonts: await embedFonts(`${title}${caption}`) });
  const name = exportName(action, about);
  if (action === "svg") saveFile({ name, type: "image/svg+xml", content: svg });
  else {
    try {
      saveFile({ name, blob: await pngOfSvg(svg) });
    } catch (error) {
      return { problem: messageOf(error) };
    }
  }
  return { said: `Saved ${name}.` };
}

/** Asks for a file, checks it and opens it. No file chosen: nothing happens. */
async function importFile(page: Page): Promise<ShareOutcome> {
  const file = await chooseFile();
  if (file === null) return {};
  try {
    const saved = readSavedFile(await file.text());
    page.dispatch((now) => openSaved(now, saved));
    return { said: "The saved session is open.", undoable: true };
  } catch (error) {
    const why = messageOf(error);
    return { problem: `${file.name} cannot be opened. ${why}` };
  }
}

function chooseFile(): Promise<File | null> {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "application/json,.json";
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve(input.files?.[0] ?? null));
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}
