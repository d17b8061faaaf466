// How far a download is: bytes on the disk of all that are needed, and the speed of those that come from the hub.
import type { LoadProgress } from "../folder/types.ts";
import { sizeText } from "../folder/memory.ts";

/** Counts bytes and reports, at most ten times a second and at every change of the phase. */
export interface ProgressMeter {
  phase(phase: LoadProgress["phase"]): void;
  /** `fetched`: the bytes came over the network just now, so that they count for the speed. */
  add(file: string, bytes: number, fetched: boolean): void;
  /** Sets the bytes that are needed in all. */
  expect(total: number): void;
}

const WINDOW = 4000; // milliseconds the speed looks back
const BAR_WIDTH = 24; // characters
const PAUSE = 100; // milliseconds between two reports

/** A meter that tells `report`; `now` gives milliseconds. */
export function createProgressMeter(
  report: (progress: LoadProgress) => void,
  now: () => number = () => performance.now(),
): ProgressMeter {
  let state: LoadProgress = { phase: "resolving", file: null, received: 0, total: 0, bytesPerSecond: 0 };
  let reported = -Infinity;
  let fetchedBytes = 0;
  let marks: { time: number; bytes: number }[] = [];

  const tell = (always: boolean) => {
    const time = now();
    if (!always && time - reported < PAUSE) return;
    reported = time;
    report(state);
  };
  const speed = (): number => {
    const time = now();
    if (time - (marks.at(-1)?.time ?? -Infinity) >= PAUSE) marks.push({ time, bytes: fetchedBytes });
    marks = marks.filter((mark) => time - mark.time <= WINDOW);
    const first = marks[0];
    if (first === undefined || time <= first.time) return state.bytesPerSecond;
    return (fetchedBytes - first.bytes) * 1000 / (time - first.time);
  };
  return {
    phase: (phase) => {
      state = { ...state, phase };
      tell(true);
    },
    add: (file, bytes, fetched) => {
      if (fetched) fetchedBytes += bytes;
      const received = Math.max(0, state.received + bytes);
      state = { ...state, file, received, bytesPerSecond: Math.round(speed()) };
      tell(received === state.total);
    },
    expect: (total) => {
      state = { ...state, total };
    },
  };
}

/** Seconds until `progress` is complete at its present speed, null where the speed is unknown. */
export function estimateSecondsLeft(progress: LoadProgress): number | null {
  if (progress.bytesPerSecond <= 0) return null;
  return Math.max(0, progress.total - progress.received) / progress.bytesPerSecond;
}

/** One line about a download: bar, share, bytes, and where they are known speed and time left. */
export function writeProgressLine(progress: LoadProgress): string {
  const share = progress.total === 0 ? 0 : progress.received / progress.total;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const left = estimateSecondsLeft(progress);
  const speed = left === null ? "" : `  ${sizeText(progress.bytesPerSecond)}/s`;
  const time = left === null || share === 1 ? "" : `  ${timeText(left)} left`;
  const amount = `${sizeText(progress.received)} of ${sizeText(progress.total)}`;
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${amount}${speed}${time}`;
}

/** A duration in seconds for people: "21 s", "4 min", "1.5 h". */
export function timeText(seconds: number): string {
  if (seconds <= 60) return `${Math.ceil(seconds)} s`;
  return seconds <= 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
