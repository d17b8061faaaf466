// What is shown only once it has lasted.
import { useEffect, useState } from "preact/hooks";

/** True where `on` has been true for so long without a break. False at once where it no longer is. */
export function useLate(on: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) return void setLate(false);
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [on, ms]);
  return on && late;
}
