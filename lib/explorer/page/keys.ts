// The keyboard map: which move a key means, and the list that the help dialog shows.

export type KeyMove =
  | { readonly move: "append"; readonly index: number }
  | { readonly move: "temperature"; readonly by: number }
  | {
    readonly move:
      | "start"
      | "step"
      | "play"
      | "greedy"
      | "undo"
      | "redo"
      | "reset"
      | "remove"
      | "edit"
      | "force"
      | "forced"
      | "search"
      | "heat"
      | "reply"
      | "axis"
      | "table"
      | "more"
      | "present"
      | "escape"
      | "help";
  };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean; // or ⌘
  readonly shift: boolean;
  readonly alt: boolean;
  /** What has the focus: `text` = a field one types in, `prompt` = the prompt box, `control` = something that takes
   * the space bar for itself, `other` = anything else. */
  readonly focus: "prompt" | "text" | "control" | "other";
  /** Single keys are switched on (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

const SINGLE: Readonly<Record<string, KeyMove>> = {
  s: { move: "step" },
  g: { move: "greedy" },
  r: { move: "reset" },
  e: { move: "edit" },
  f: { move: "force" },
  a: { move: "forced" },
  "/": { move: "search" },
  h: { move: "heat" },
  n: { move: "reply" },
  l: { move: "axis" },
  t: { move: "table" },
  m: { move: "more" },
  p: { move: "present" },
  "[": { move: "temperature", by: -0.1 },
  "]": { move: "temperature", by: 0.1 },
  "?": { move: "help" },
  Backspace: { move: "remove" },
};

const SIGNS: ReadonlySet<string> = new Set(["[", "]", "/", "?"]);

/** The move behind a key press; null = leave the key to the browser. */
export function keyMove(press: KeyPress): KeyMove | null {
  const { key, focus } = press;
  const typing = focus === "prompt" || focus === "text";
  const sign = SIGNS.has(key); // on many layouts with AltGr (Ctrl and Alt together) or Option
  if (press.alt && !sign) return null;
  if (press.ctrl && !(press.alt && sign)) {
    if (key === "Enter" && focus === "prompt") return { move: "start" };
    if (key.toLowerCase() !== "z" || typing) return null;
    return { move: press.shift ? "redo" : "undo" };
  }
  if (key === "Escape") return { move: "escape" };
  if (typing || !press.singleKeys) return null;
  if (key === " ") return focus === "other" ? { move: "play" } : null;
  if (/^[0-9]$/.test(key)) return { move: "append", index: (Number(key) + 9) % 10 };
  return SINGLE[key] ?? SINGLE[key.toLowerCase()] ?? null;
}

/** Moves that a key makes once, however long it is held: what they switch on they would switch off again. */
const ONCE: ReadonlySet<KeyMove["move"]> = new Set([
  ...["start", "play", "reset", "edit", "force", "forced", "search", "heat", "reply"] as const,
  ...["axis", "table", "more", "present", "escape", "help"] as const,
]);

/** Whether a key that is held goes on making its move. */
export function isRepeated({ move }: KeyMove): boolean {
  return !ONCE.has(move);
}

export interface KeyHelp {
  readonly label: string;
  readonly keys: readonly string[];
}

export const KEY_HELP: readonly KeyHelp[] = [
  { label: "Append candidate 1 to 10", keys: ["1", "…", "9", "0"] },
  { label: "Start, in the prompt", keys: ["Ctrl", "Enter"] },
  { label: "Move in the bars", keys: ["↑", "↓", "Home", "End"] },
  { label: "Move in the text", keys: ["←", "→", "Home", "End"] },
  { label: "Append a bar, inspect a token", keys: ["Enter"] },
  { label: "Delete the last token", keys: ["Backspace"] },
  { label: "Step: draw one token", keys: ["S"] },
  { label: "Play or pause", keys: ["Space"] },
  { label: "Greedy: append the most probable", keys: ["G"] },
  { label: "Chat: the reply becomes a message", keys: ["N"] },
  { label: "Reset", keys: ["R"] },
  { label: "Undo", keys: ["Ctrl", "Z"] },
  { label: "Redo", keys: ["Ctrl", "Shift", "Z"] },
  { label: "Edit the prompt", keys: ["E"] },
  { label: "Force text", keys: ["F"] },
  { label: "Append what the constraint forces", keys: ["A"] },
  { label: "Search the vocabulary", keys: ["/"] },
  { label: "Next colouring of the text", keys: ["H"] },
  { label: "Axis: 0 to 100 %, zoomed, powers of ten", keys: ["L"] },
  { label: "Table or bars", keys: ["T"] },
  { label: "Temperature −/+ 0.1", keys: ["[", "]"] },
  { label: "More controls", keys: ["M"] },
  { label: "Move a sampling stage", keys: ["Alt", "↑", "↓"] },
  { label: "Rename or delete a path", keys: ["F2", "Delete"] },
  { label: "Large type for a projector", keys: ["P"] },
  { label: "Close, leave the inspection", keys: ["Esc"] },
  { label: "This list", keys: ["?"] },
];
