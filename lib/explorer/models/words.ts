// Words about models: sizes, licences, how far a load is, and what can be loaded by name.
import { findOwn } from "../../basics/find_own.ts";
import type { Load } from "../session/model.ts";
import { formatBytes, formatBytesIn, formatCount } from "../words/format.ts";
import { formatDecimal } from "../../basics/number_text.ts";

export interface ModelProgress {
  /** 0..1; null: not known. */
  readonly share: number | null;
  readonly text: string; // "198 of 483 MB · 8.4 MB/s · 34 s left"
}

/** "Apache-2.0" of the hub's "apache-2.0"; other names as they are. */
export function licenseText(license: string): string {
  const names: Readonly<Record<string, string>> = {
    "apache-2.0": "Apache-2.0",
    mit: "MIT",
    "llama3.2": "Llama 3.2 Community",
    gemma: "Gemma",
  };
  return findOwn(names, license) ?? license;
}

const PHASES = { resolving: "Looking up the files…", verifying: "Checking", opening: "Opening" } as const;

/** How far a load is: bytes, speed and time left. */
export function progressOf(load: Load | null): ModelProgress {
  const progress = load?.state === "running" ? load.progress : null;
  if (progress === null) return { share: null, text: "Starting…" };
  const { phase, file, received, total, bytes_per_second: speed } = progress;
  const share = total > 0 ? Math.min(1, received / total) : null;
  if (phase === "resolving") return { share: null, text: PHASES.resolving };
  if (phase !== "downloading") return { share, text: `${PHASES[phase]} ${file ?? "the files"}…` };
  const left = speed > 0 && total > received ? ` · ${durationText((total - received) / speed)} left` : "";
  const rate = speed > 0 ? ` · ${formatDecimal(speed / 1e6, 1)} MB/s` : "";
  return { share, text: `${amountText(received, total)}${rate}${left}` };
}

/** "198 of 483 MB": the unit once, where it is the same. */
function amountText(received: number, total: number): string {
  if (total <= 0) return formatBytes(received);
  return `${formatBytesIn(received, total)} of ${formatBytes(total)}`;
}

/** "34 s", "5 min", "2 h 10 min". */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** True where an id is a folder of this computer. */
export function isFolder(id: string): boolean {
  return /^(\.{0,2}[\\/]|[a-z]:[\\/]|~)/i.test(id);
}

/** `owner/name[@revision]` or a folder; null for anything else. The server decides whether it may be opened. */
export function readLoadableId(query: string): string | null {
  const id = query.trim().replace(/^https?:\/\/huggingface\.co\//, "").replace(/\/(tree\/main\/?)?$/, "");
  if (isFolder(id) || /^(llamacpp|openai)\+https?:\/\/\S+$/.test(id)) return id;
  return /^[\w.-]+\/[\w.-]+(@[\w./-]+)?$/.test(id) && !id.includes("..") ? id : null;
}
