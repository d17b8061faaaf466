import { asset } from "fresh/runtime";
import { define } from "../lib/define.ts";

const STYLES = [
  "/styles.css",
  "/controls.css",
  "/layout.css",
  "/distribution.css",
  "/covers.css",
  "/overlays.css",
  "/narrow.css",
];

export default define.page(function App({ Component, state }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Next Token</title>
        <meta name="description" content="See every token a language model could write next, and choose." />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
        {STYLES.map((path) => <link key={path} rel="stylesheet" href={asset(path)} />)}
        {/* Before the first paint: the remembered theme. */}
        <script src={asset("/theme.js")} nonce={state.nonce} />
      </head>
      <body>
        <a class="skip" href="#candidates">Skip to the candidates</a>
        <Component />
      </body>
    </html>
  );
});
