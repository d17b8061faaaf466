// Pages of the gallery of branches, exports, models and teaching, one for each part. They work: the parts are
// hydrated in the browser. To look: deno run -A tests/gallery/teaching.tsx FOLDER
import { fileURLToPath } from "node:url";
import { render } from "preact-render-to-string";
import { TEACHING_PARTS } from "./teaching_parts.tsx";

const SHEETS = [
  ...["styles", "controls", "layout", "distribution", "placeholders", "overlays"],
  ...["branches", "share", "models", "teach", "narrow"],
];
const STYLES = new URL("../../styles/", import.meta.url);
const STATIC = new URL("../../static/", import.meta.url);
const LAYOUT = `.gallery-card { max-width: 770px; margin: 24px auto; padding: 16px 20px }
#part > p { padding: 8px }
@media (max-width: 820px) { .gallery-card { margin: 12px; padding: 16px } }`;

async function styles(): Promise<string> {
  const sheets = await Promise.all(SHEETS.map((name) => Deno.readTextFile(new URL(`${name}.css`, STYLES))));
  return [...sheets, LAYOUT].join("\n").replaceAll("url(/fonts/", `url(${STATIC}fonts/`);
}

/** The program that brings a part to life. */
async function bundledClient(): Promise<string> {
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [fileURLToPath(new URL("./teaching_client.tsx", import.meta.url))],
    platform: "browser",
    format: "iife",
    minify: true,
    write: false,
  });
  if (!success) throw new Error(`The gallery does not build: ${errors.map(({ text }) => text).join("; ")}`);
  return outputFiles![0]!.text();
}

/** One page for each part, by name. */
export async function teachingPages(): Promise<Map<string, string>> {
  const [style, client] = await Promise.all([styles(), bundledClient()]);
  const pages = Object.entries(TEACHING_PARTS).map(([name, Part]) => {
    const html = render(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{name}</title>
          <style dangerouslySetInnerHTML={{ __html: style }} />
        </head>
        <body>
          <main>
            <h1 class="sr">{name}</h1>
            <div id="part" data-part={name}>
              <Part />
            </div>
          </main>
          <script dangerouslySetInnerHTML={{ __html: client.replaceAll("</script", "<\\/script") }} />
        </body>
      </html>,
    );
    return [name, `<!doctype html>${html}`] as const;
  });
  return new Map(pages);
}

if (import.meta.main) {
  const folder = Deno.args[0];
  if (folder === undefined) throw new Error("Name a folder: deno run -A tests/gallery/teaching.tsx FOLDER");
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, page] of await teachingPages()) await Deno.writeTextFile(`${folder}/${name}.html`, page);
}
