// Lowers its own thread and prints the niceness before and after: a process of its own, because there is no way back.
import { openThreadPriority } from "../../lib/ort/thread_priority.ts";

const { symbols } = Deno.dlopen("libc.so.6", { getpriority: { parameters: ["i32", "u32"], result: "i32" } });
const priority = openThreadPriority()!;
const thread = priority.current();
const before = symbols.getpriority(0, thread);
priority.lower(thread);
console.log(JSON.stringify([before, symbols.getpriority(0, thread)]));
