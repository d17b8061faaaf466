/// <reference lib="dom" />
// What only a browser can do with an export: save it, turn a drawing into pixels, make a nonce.
import type { ExportFile } from "./file.ts";

/** Saves a file through the browser's own download. */
export function saveFile(file: ExportFile | { readonly name: string; readonly blob: Blob }): void {
  const blob = "blob" in file ? file.blob : new Blob([file.content], { type: `${file.type};charset=utf-8` });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  // The download has its own hold on the blob once it has begun; a minute is more than any browser needs.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Pixels of an SVG, `scale` times its size. Rejects with an Error where the browser cannot draw it. */
export async function pngOfSvg(svg: string, scale = 2): Promise<Blob> {
  const image = new Image();
  // A data address: the page's content security policy allows images from no other place.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("The browser has no canvas to draw on. Save the SVG instead.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("The browser could not write a PNG. Save the SVG instead."));
      else resolve(blob);
    }, "image/png")
  );
}

/** A nonce for `replayHtml`; works without a secure context too. */
export function createRandomNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
}
