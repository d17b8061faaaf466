// The most memory that this process had resident, as the kernel counts it: a timer that looks now and then misses peaks
// on a busy machine.

const PROCESS = `/proc/${Deno.pid}`;

/** The most resident memory while `work` runs, in bytes. Linux alone; Deno itself may not open these files with named
 * permissions. */
export async function peakMemory(work: () => Promise<void>): Promise<number> {
  await output("sh", ["-c", `echo 5 > ${PROCESS}/clear_refs`]); // proc(5): the peak begins anew
  await work();
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(await output("cat", [`${PROCESS}/status`]))?.[1];
  if (kibibytes === undefined) throw new Error("The peak of this process's memory is not known here.");
  return Number(kibibytes) * 1024;
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { stdout, success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
