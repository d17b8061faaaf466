// ONNX Runtime's own builds tell Microsoft which models they open (from 1.29 on, also outside Windows). Nothing leaves
// this machine unless its user asks for it, so that is turned off before the library is loaded.

/** Read by ONNX Runtime once, when it starts: neither events nor a device's identifier come into being. */
const OPT_OUT = "ORT_DISABLE_TELEMETRY";

/** Turns telemetry off for this process; call it before the library is loaded. A process that may not set the
 * variable goes on: `openOrt` refuses events once more. */
export function refuseTelemetry(): void {
  if (Deno.permissions.querySync({ name: "env", variable: OPT_OUT }).state !== "granted") return;
  if (Deno.env.get(OPT_OUT) !== "1") Deno.env.set(OPT_OUT, "1");
}
