// The keyboard map as the help dialog lists it.

interface KeyHelp {
  readonly label: string;
  readonly keys: readonly string[];
}

/** What keys do, in the order in which one needs them. */
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
