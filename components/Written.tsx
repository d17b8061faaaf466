// A number as it is written, and as it is said where that is not the same: "3.1 times ten to the minus 8".
import { sayNumber } from "../lib/explorer/words/format.ts";

export function Written({ text }: { text: string }) {
  const spoken = sayNumber(text);
  if (spoken === text) return <>{text}</>;
  return (
    <>
      <span aria-hidden="true">{text}</span>
      <span class="sr">{spoken}</span>
    </>
  );
}
