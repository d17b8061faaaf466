/// <reference lib="dom" />
// The page's fonts inside a drawing: it looks the same where they are not installed.

interface FontFile {
  readonly family: string;
  readonly file: string;
  /** Taken where the drawing has a character of it. */
  readonly needed: RegExp;
}

const FONTS: readonly FontFile[] = [
  { family: "Inter", file: "inter-latin", needed: /./ },
  { family: "JetBrains Mono", file: "jetbrains-mono-latin", needed: /./ },
  { family: "Inter", file: "inter-latin-ext", needed: /[\u0100-\u02ff\u1e00-\u1eff\u20a0-\u20c0]/ },
  {
    family: "JetBrains Mono",
    file: "jetbrains-mono-latin-ext",
    needed: /[\u0100-\u02ff\u1e00-\u1eff\u20a0-\u20c0]/,
  },
];

/** The fonts have ¹ ² ³ and not ⁰ ⁴ to ⁹: powers of ten are of one font, the viewer's. */
const BUT_SUPERSCRIPTS = "U+0-B1,U+B4-B8,U+BA-FF,U+2000-206F,U+2100-2FFF,U+FEFF,U+FFFD";

/** Rules of CSS with the fonts that a drawing with this text needs, as data addresses. */
export async function embedFonts(text: string): Promise<string> {
  const rules = FONTS.filter(({ needed }) => needed.test(text)).map(async ({ family, file }) => {
    const response = await fetch(`./fonts/${file}.woff2`);
    if (!response.ok) return ""; // the drawing falls back on the viewer's fonts
    const address = `data:font/woff2;base64,${base64Of(new Uint8Array(await response.arrayBuffer()))}`;
    const range = file.endsWith("-ext") ? "U+0100-02FF,U+1E00-1EFF,U+20A0-20C0" : BUT_SUPERSCRIPTS;
    return `@font-face{font-family:"${family}";font-weight:100 900;unicode-range:${range};src:url(${address}) format("woff2")}`;
  });
  return (await Promise.all(rules)).join("");
}

function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
