// What the Share menu offers, as one table.

export type ShareAction =
  | "link"
  | "html"
  | "json"
  | "import"
  | "csv"
  | "csvAll"
  | "csvText"
  | "svg"
  | "png"
  | "curl"
  | "python";

export interface ShareItem {
  readonly action: ShareAction;
  readonly title: string;
  readonly text: string;
}

export interface ShareGroup {
  readonly label: string;
  readonly items: readonly ShareItem[];
}

export const SHARE_GROUPS: readonly ShareGroup[] = [
  {
    label: "Share",
    items: [
      { action: "link", title: "Copy link", text: "Settings and text, inside the address itself" },
      { action: "html", title: "HTML replay", text: "One file that plays back every step, no model needed" },
    ],
  },
  {
    label: "Session",
    items: [
      { action: "json", title: "JSON", text: "Tokens, candidates, settings, model revision" },
      { action: "import", title: "Open a saved JSON…", text: "Checks it and says what is wrong" },
      { action: "csv", title: "CSV", text: "One row per candidate and step" },
      { action: "csvAll", title: "CSV of all tokens", text: "The whole distribution that is shown" },
      { action: "csvText", title: "CSV of the text", text: "What the model thought of each of its tokens" },
    ],
  },
  {
    label: "The bars",
    items: [
      { action: "svg", title: "SVG of the bars", text: "A drawing for slides and print" },
      { action: "png", title: "PNG of the bars", text: "The same as pixels, twice the size" },
    ],
  },
  {
    label: "The request",
    items: [
      { action: "curl", title: "Copy as curl", text: "The present request for a shell" },
      { action: "python", title: "Copy as Python", text: "The same, without any package" },
    ],
  },
];
