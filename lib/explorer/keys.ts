// The keyboard map: which move a key means, and the list that the help dialog shows.

export type KeyMove =
  | { readonly move: "append"; readonly index: number }
  | { readonly move: "temperature"; readonly by: number }
  | {
    readonly move: "start" | "greedy" | "undo" | "redo" | "reset" | "remove" | "edit" | "table" | "help";
  };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean; // or ⌘
  readonly shift: boolean;
  readonly alt: boolean;
  /** What has the focus: `text` = a field one types in, `prompt` = the prompt box, `other` = anything else. */
  readonly focus: "prompt" | "text" | "other";
  /** Single keys are switched on (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

const SINGLE: Readonly<Record<string, KeyMove>> = {
  g: { move: "greedy" },
  r: { move: "reset" },
  e: { move: "edit" },
  t: { move: "table" },
  "[": { move: "temperature", by: -0.1 },
  "]": { move: "temperature", by: 0.1 },
  "?": { move: "help" },
  Backspace: { move: "remove" },
};

/** The move behind a key press; null = leave the key to the browser. */
export function keyMove(press: KeyPress): KeyMove | null {
  const { key, focus } = press;
  if (press.alt) return null;
  if (press.ctrl) {
    if (key === "Enter" && focus === "prompt") return { move: "start" };
    if (key.toLowerCase() !== "z" || focus !== "other") return null;
    return { move: press.shift ? "redo" : "undo" };
  }
  if (focus !== "other" || !press.singleKeys) return null;
  if (/^[0-9]$/.test(key)) return { move: "append", index: (Number(key) + 9) % 10 };
  return SINGLE[key] ?? SINGLE[key.toLowerCase()] ?? null;
}

export interface KeyHelp {
  readonly label: string;
  readonly keys: readonly string[];
}

export const KEY_HELP: readonly KeyHelp[] = [
  { label: "Append candidate 1 to 10", keys: ["1", "…", "9", "0"] },
  { label: "Move through the bars", keys: ["↑", "↓"] },
  { label: "Append the focused bar", keys: ["Enter"] },
  { label: "First, last bar", keys: ["Home", "End"] },
  { label: "Greedy: the most probable token", keys: ["G"] },
  { label: "Delete the last token", keys: ["Backspace"] },
  { label: "Undo", keys: ["Ctrl", "Z"] },
  { label: "Redo", keys: ["Ctrl", "Shift", "Z"] },
  { label: "Reset", keys: ["R"] },
  { label: "Temperature −/+ 0.1", keys: ["[", "]"] },
  { label: "Edit the prompt", keys: ["E"] },
  { label: "Start, in the prompt", keys: ["Ctrl", "Enter"] },
  { label: "Table or bars", keys: ["T"] },
  { label: "Close", keys: ["Esc"] },
  { label: "This list", keys: ["?"] },
];
