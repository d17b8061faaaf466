// What a person sees instead of a page: plain HTML, no script, no inline style.
import { escapeHtml } from "../../basics/escape_html.ts";

/** A page for an error with an HTTP status; `sentence` is any text. */
export function errorPage(status: number, sentence: string): Response {
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Next Token: error ${status}</title>
</head>
<body>
<main>
<h1>Error ${status}</h1>
<p>${escapeHtml(sentence)}</p>
<p><a href="/">To the page</a></p>
</main>
</body>
</html>
`;
  return new Response(html, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}
