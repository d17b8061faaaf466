// What a page's main thread does while something is going on: its tasks, from Chromium's tracing, and its frames, as
// the page itself is called before each.
import type { Browser, Page } from "../../tests/playwright.ts";

/** The longest of all tasks in milliseconds: by the clock, and (perhaps another one) on the processor. */
export interface Task {
  readonly wall: number;
  readonly processor: number;
}

export interface Busy {
  /** Of the main thread: nothing else is answered meanwhile. */
  readonly task: Task;
  /** The longest time between two frames in milliseconds. */
  readonly frame: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number; // when it began, in microseconds
  readonly dur?: number; // microseconds by the clock
  readonly tdur?: number; // microseconds on the processor
}

interface Frames {
  longestFrame: number;
  stopped: boolean;
}

const CATEGORIES = ["toplevel", "blink.user_timing"];
const TASKS = ["ThreadControllerImpl::RunTask", "RunTask"];
/** What promises do when the browser has answered them: Chromium traces it behind the task that it belongs to. */
const CHECKPOINT = "BlinkScheduler_PerformMicrotaskCheckpoint";
/** A mark that tells the page's main thread from those of other pages. */
const MARK = "next-token-bench";

/** Watches the page during `work`. */
export async function watch(browser: Browser, page: Page, work: () => Promise<void>): Promise<Busy> {
  let frame = 0;
  const task = await longestTask(browser, page, async () => {
    await page.evaluate(countFrames);
    await work();
    frame = await page.evaluate(longestFrame);
  });
  return { task, frame };
}

/** The longest task of the page's main thread during `work`, which may load the page anew. */
export async function longestTask(browser: Browser, page: Page, work: () => Promise<void>): Promise<Task> {
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace: Uint8Array;
  try {
    await work();
    await page.evaluate((mark) => void performance.mark(mark), MARK);
  } finally {
    trace = await browser.stopTracing();
  }
  return longestOf(JSON.parse(new TextDecoder().decode(trace)).traceEvents);
}

function longestOf(events: readonly TraceEvent[]): Task {
  const mark = events.find(({ name }) => name === MARK);
  if (mark === undefined) {
    throw new Error("The trace does not hold the page's mark: repair bench/measures/page_watch.ts.");
  }
  const own = events.filter(({ ph, pid, tid }) => ph === "X" && pid === mark.pid && tid === mark.tid);
  const tasks = tasksOf(own.sort((a, b) => a.ts - b.ts));
  if (tasks.length === 0) {
    throw new Error("The trace holds no tasks of the page: repair bench/measures/page_watch.ts.");
  }
  const longest = (key: keyof Task) => Math.max(...tasks.map((task) => task[key]));
  return { wall: longest("wall"), processor: longest("processor") };
}

/** The tasks of a thread, each with the checkpoint behind it. `events` in the order of time. */
function tasksOf(events: readonly TraceEvent[]): Task[] {
  const tasks: Task[] = [];
  let end = -Infinity;
  for (const { name, ts, dur = 0, tdur = 0 } of events) {
    const last = tasks.at(-1);
    if (TASKS.includes(name)) tasks.push({ wall: dur / 1000, processor: tdur / 1000 });
    else if (name !== CHECKPOINT || ts < end || last === undefined) continue; // inside of a task
    else tasks[tasks.length - 1] = { wall: last.wall + dur / 1000, processor: last.processor + tdur / 1000 };
    end = Math.max(end, ts + dur);
  }
  return tasks;
}

/** Runs in the page. */
function countFrames(): void {
  const frames: Frames = { longestFrame: 0, stopped: false };
  let last: number | null = null;
  const next = (now: number) => {
    if (last !== null) frames.longestFrame = Math.max(frames.longestFrame, now - last);
    last = now;
    if (!frames.stopped) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  Object.assign(globalThis, { frames });
}

/** Runs in the page; the frame that is going on ends first. */
function longestFrame(): Promise<number> {
  const { frames } = globalThis as unknown as { frames: Frames };
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      frames.stopped = true;
      requestAnimationFrame(() => resolve(frames.longestFrame));
    })
  );
}
