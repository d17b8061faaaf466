import type { Cutter, Piece } from "../file/piece.ts";

/** A cutter that leaves pieces whole. */
export function createWhole(): Cutter {
  let left: Piece | undefined;
  return {
    begin(piece) {
      left = piece;
    },
    next() {
      const piece = left;
      left = undefined;
      return piece;
    },
  };
}
