import { asset } from "fresh/runtime";
import { define } from "../lib/define.ts";

/** Every sheet in its order: later ones add to earlier ones. Each part brings its own rules for narrow windows. */
const STYLES = [
  ...["styles", "controls", "layout", "strip", "distribution", "placeholders", "overlays", "narrow"],
  ...["heat", "draw", "sampling", "chat", "vocabulary", "branches", "share", "teach", "models", "more"],
  ...["constraints", "attribution", "sessions", "study", "api"],
];

/** Translators wrap every text in elements of their own, which the page could change no more. */
const UNTRANSLATED: Readonly<Record<string, string>> = { translate: "no" };

export default define.page(function App({ Component, state }) {
  return (
    <html lang="en" {...UNTRANSLATED}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Next Token</title>
        <meta name="description" content="See every token a language model could write next, and choose." />
        <meta name="google" content="notranslate" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
        {STYLES.map((name) => <link key={name} rel="stylesheet" href={asset(`/${name}.css`)} />)}
        {/* Before the first paint: the remembered theme. */}
        <script src={asset("/theme.js")} nonce={state.nonce} />
      </head>
      <body>
        <a class="skip" href="#candidates">Skip to the candidates</a>
        <noscript>
          <p class="notice bad">
            Next Token needs JavaScript. Without it the same engine answers over HTTP:{" "}
            <a href="./api">the API</a>.
          </p>
        </noscript>
        <Component />
      </body>
    </html>
  );
});
