// Writes the gallery of the parts for decoding as one HTML file: deno run -A tests/gallery/decoding.tsx OUT.html
import { render } from "preact-render-to-string";
import { Patterns } from "../../components/sampling/Patterns.tsx";
import { PARTS } from "./parts.tsx";

/** In the order in which the page links them. */
const SHEETS = [
  ...["styles", "controls", "layout", "distribution", "placeholders", "overlays", "narrow"],
  ...["heat", "draw", "sampling", "chat", "vocabulary"],
];
const STYLES = new URL("../../styles/", import.meta.url);
const STATIC = new URL("../../static/", import.meta.url);

/** The gallery's own layout: a column of cards as wide as those of the page. */
const LAYOUT = `
main { padding: 24px; display: grid; gap: 24px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); align-items: start }
main > section { display: grid; gap: 8px; min-width: 0 } 
h1 { grid-column: 1 / -1; font-size: 20px } .gallery-name { font-size: 12px; color: var(--ink-3); font-weight: 500 }
@media (max-width: 820px) { main { padding: 12px; grid-template-columns: minmax(0, 1fr) } }`;

async function styles(): Promise<string> {
  const sheets = await Promise.all(SHEETS.map((name) => Deno.readTextFile(new URL(`${name}.css`, STYLES))));
  return sheets.join("\n").replaceAll("url(/fonts/", `url(${STATIC}fonts/`);
}

/** The whole page. */
export async function gallery(): Promise<string> {
  const html = render(
    <html lang="en" data-theme="light">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Parts for decoding</title>
        <style dangerouslySetInnerHTML={{ __html: await styles() + LAYOUT }} />
      </head>
      <body>
        <main>
          <Patterns />
          <h1>Parts for decoding</h1>
          {PARTS.map(({ name, wide, content }) => (
            <section key={name} class={wide ? "wide" : undefined} aria-label={name}>
              <h2 class="gallery-name">{name}</h2>
              <div class="card">{content}</div>
            </section>
          ))}
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}

if (import.meta.main) {
  const path = Deno.args[0];
  if (path === undefined) {
    throw new Error("Name the file to write: deno run -A tests/gallery/decoding.tsx OUT.html");
  }
  await Deno.writeTextFile(path, await gallery());
}
