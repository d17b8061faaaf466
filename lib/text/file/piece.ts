// A part of the text on its way through normalizers and pre-tokenizers.

export interface Piece {
  readonly text: string;
  /** How many UTF-16 units at its beginning come from the very first character of the encoded text; Metaspace with the
   * scheme "first" writes its mark there only. */
  readonly origin: number;
}

/** Cuts pieces into parts, which are made when they are asked for. */
export interface Cutter {
  begin(piece: Piece): void;
  /** The next part of the piece. Null: a rest before it, where others may have their turn; undefined: there is none. */
  next(): Piece | null | undefined;
}

/** Steps of one character or match between two rests. */
export const STEPS_A_REST = 2048;

export const EMPTY: Piece = { text: "", origin: 0 };

/** A whole text as one piece. */
export function pieceOf(text: string): Piece {
  return { text, origin: (text.codePointAt(0) ?? 0) > 0xffff ? 2 : Math.min(1, text.length) };
}

/** The stretch [start, end) of a piece. */
export function cut(piece: Piece, start: number, end: number): Piece {
  const { text, origin } = piece;
  if (start === 0 && end === text.length) return piece;
  const left = Math.min(origin, end) - start;
  return { text: text.slice(start, end), origin: left > 0 ? left : 0 };
}

/** A piece whose text is rewritten character by character. */
export function mapPiece({ text, origin }: Piece, rewrite: (text: string) => string): Piece {
  return { text: rewrite(text), origin: origin === 0 ? 0 : rewrite(text.slice(0, origin)).length };
}

/** A piece with `mark` before it. */
export function prefixPiece({ text, origin }: Piece, mark: string): Piece {
  return { text: mark + text, origin: origin === 0 ? 0 : origin + mark.length };
}
