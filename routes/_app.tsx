import { asset } from "fresh/runtime";
import { define } from "../lib/define.ts";

/** Translators wrap every text in elements of their own, which the page could change no more. */
const UNTRANSLATED: Readonly<Record<string, string>> = { translate: "no" };

export default define.page(function App({ Component, state }) {
  return (
    <html lang="en" dir="ltr" {...UNTRANSLATED}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Next Token</title>
        <meta name="description" content="See every token a language model could write next, and choose." />
        <meta name="google" content="notranslate" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
        {/* Before the first paint: the remembered theme. Before the styles: a script waits for those that stand above. */}
        <script src={asset("/theme.js")} nonce={state.nonce()} />
        <link rel="stylesheet" href={asset("/page.css")} />
      </head>
      <body>
        <a class="skip" href="#candidates">Skip to the candidates</a>
        <noscript>
          <p class="notice bad">
            Next Token needs JavaScript. Without it the same engine answers over HTTP:{" "}
            <a href="/api">the API</a>.
          </p>
        </noscript>
        <Component />
      </body>
    </html>
  );
});
