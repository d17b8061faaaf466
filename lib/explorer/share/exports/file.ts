// Files that the page hands out: their names and types, and JSON as such a file.

export interface ExportFile {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

/** "next-token-2026-03-01-1405-the-capital-of.html": day, time and the beginning of the text. */
export function exportName(ending: string, { text, date }: { text: string; date: Date }): string {
  const [day, time] = date.toISOString().split("T") as [string, string];
  const words = text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, " ").trim().split(" ");
  const start = words.slice(0, 4).join("-").slice(0, 40).replace(/-$/, "");
  const parts = ["next-token", day, time.slice(0, 5).replace(":", ""), ...start === "" ? [] : [start]];
  return `${parts.join("-")}.${ending}`;
}

/** A saved session as a file. `session`: plain data, as it is stored. */
export function createJsonFile(session: unknown, about: { text: string; date: Date }): ExportFile {
  return {
    name: exportName("json", about),
    type: "application/json",
    content: `${JSON.stringify(session, null, 1)}\n`,
  };
}
