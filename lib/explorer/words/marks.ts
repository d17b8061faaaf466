// White space drawn: the paths of its marks, in a square of 14 to 16 pixels.

/** The path of each mark, by what it stands for. */
export const MARK_PATHS = {
  newline: "M12 4v5H2.5m0 0L5.5 6m-3 3 3 3",
  tab: "M1.5 8h8.5m0 0L7 5m3 3-3 3M12.5 4.5v7",
  empty: "M7 4a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M3 14 11 3",
} as const;
