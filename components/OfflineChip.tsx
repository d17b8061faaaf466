/// <reference lib="dom" />
// Says that this computer is off the network: nothing more can be downloaded, everything that is here goes on.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Info } from "./icons.ts";

export function OfflineChip() {
  const offline = useSignal(false);
  useEffect(() => {
    const tell = () => offline.value = !navigator.onLine;
    const stop = new AbortController();
    for (const change of ["online", "offline"]) addEventListener(change, tell, { signal: stop.signal });
    tell();
    return () => stop.abort();
  }, []);
  return (
    <span role="status">
      {offline.value && (
        <span
          class="offline-chip"
          tabIndex={0}
          data-tip="Models that are on this computer load without a network"
        >
          <Info size={14} strokeWidth={1.8} />
          <span>Offline. Cached models work.</span>
        </span>
      )}
    </span>
  );
}
