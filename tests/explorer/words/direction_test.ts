import assert from "node:assert/strict";
import { directionOf } from "../../../lib/explorer/words/direction.ts";

Deno.test("a long text is written as its first letter is, a short one as the browser finds", () => {
  const long = (part: string) => part.repeat(2 ** 16 / part.length);
  assert.equal(directionOf("שלום"), "auto");
  assert.equal(directionOf(""), "auto");
  assert.equal(directionOf(long("Once upon a time. ")), "ltr");
  assert.equal(directionOf(`1. “${long("שלום עולם ")}`), "rtl");
  assert.equal(directionOf(`12 ${long("مرحبا ")}abc`), "rtl");
  assert.equal(directionOf(`a${long("مرحبا ")}`), "ltr");
  assert.equal(directionOf(long("𞤀𞤁 ")), "rtl"); // Adlam
  assert.equal(directionOf(long("7 ")), "ltr");
});
