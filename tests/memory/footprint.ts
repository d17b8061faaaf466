// What a process holds of the system. Linux alone says it; Deno may not read it with named permissions.

export interface Footprint {
  readonly megabytes: number; // resident
  readonly descriptors: number;
  readonly threads: number;
}

/** The footprint of the process `pid`, by default this one; null where the system does not say. */
export async function footprint(pid = Deno.pid): Promise<Footprint | null> {
  if (Deno.build.os !== "linux") return null;
  const script = `ls /proc/${pid}/fd | wc -l; ls /proc/${pid}/task | wc -l; grep VmRSS /proc/${pid}/status`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  const [descriptors, threads, kibibytes] = new TextDecoder().decode(stdout).match(/\d+/g)!.map(Number);
  return { megabytes: kibibytes! * 1024 / 1e6, descriptors: descriptors!, threads: threads! };
}

/** Waits until `holds` is true of the footprint, or for a minute: idle threads of a pool end after some seconds. */
export async function settled(
  pid: number,
  holds: (now: Footprint) => boolean,
): Promise<Footprint | null> {
  for (let tries = 0;; tries++) {
    const now = await footprint(pid);
    if (now === null || tries === 60 || holds(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
