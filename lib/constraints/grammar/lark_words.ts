// The smallest words of Lark's notation.
export const NAME = /_?[A-Za-z][A-Za-z0-9_]*/y;
const COMMENT = "\\/\\/[^\\n]*|#[^\\n]*";
/** What may stand between words of one line. */
export const SPACE = new RegExp(`(?:[ \\t\\r]|${COMMENT})*`, "y");
/** The same over lines. */
export const LINES = new RegExp(`(?:\\s|${COMMENT})*`, "y");
