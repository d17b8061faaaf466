// Which execution providers to try, in which order, and what to say when one is not usable. ONNX Runtime never
// falls back by itself from a provider that fails to start, so they are tried one by one.
import { messageOf } from "../basics/message_of.ts";
import type { Device, DeviceSetting } from "../wire/device.ts";

/** Something opened, where it really runs, and what to tell the user when that is not what was asked for. */
interface OpenedOn<T> {
  readonly opened: T;
  readonly device: Device;
  readonly warning: string | null;
}

const AUTOMATIC: readonly Device[] = ["cuda", "coreml", "dml", "webgpu"];

/** The providers to try for a setting, best first; the CPU is always last. */
export function listDevicesToTry(setting: DeviceSetting): readonly Device[] {
  if (setting === "auto") return [...AUTOMATIC, "cpu"];
  if (setting === "mps") return ["coreml", "webgpu", "cpu"];
  return setting === "cpu" ? ["cpu"] : [setting, "cpu"];
}

/** Opens on the first device where `open` succeeds.
 *
 * `inBuild` names the providers that this build of ONNX Runtime knows. With `auto` a provider that is not in it is
 * passed over in silence, and one that fails costs a line of log. A device asked for by name that fails gives a
 * warning. Rejects with what the CPU says when that fails as well. */
export async function openOnFirst<T>(
  setting: DeviceSetting,
  inBuild: readonly string[],
  open: (device: Device) => Promise<T>,
  log: (line: string) => void,
): Promise<OpenedOn<T>> {
  const reasons: string[] = [];
  for (const device of listDevicesToTry(setting)) {
    if (device === "cpu") break;
    if (inBuild.includes(device)) {
      const attempt = await tryOpen(device, open);
      if (attempt.reason === null) return { opened: attempt.opened, device, warning: null };
      reasons.push(`${device}: ${attempt.reason}`);
      log(`Device ${device} is not usable here (${attempt.reason}).`);
    } else if (setting !== "auto") {
      reasons.push(`${device}: not in this build of ONNX Runtime`);
    }
  }
  const opened = await open("cpu");
  const warned = setting !== "auto" && setting !== "cpu";
  const warning = warned
    ? `The device "${setting}" is not usable here, so the model runs on the CPU (${reasons.join("; ")}).`
    : null;
  if (warning !== null) log(warning);
  return { opened, device: "cpu", warning };
}

type Attempt<T> = { readonly opened: T; readonly reason: null } | { readonly reason: string };

async function tryOpen<T>(device: Device, open: (device: Device) => Promise<T>): Promise<Attempt<T>> {
  return await open(device).then(
    (opened): Attempt<T> => ({ opened, reason: null }),
    (error: unknown): Attempt<T> => ({ reason: firstLineOf(error) }),
  );
}

function firstLineOf(error: unknown): string {
  const text = messageOf(error);
  return text.split("\n")[0]?.trim() || "no reason given";
}
