// What happened, for those who hear the page. While tokens come quickly it speaks once a second at most.
import { useEffect, useState } from "preact/hooks";

const QUIET_MS = 1000;

export function Announcer({ text, slow }: { text: string; slow: boolean }) {
  const [said, setSaid] = useState({ text, at: 0 });
  useEffect(() => {
    if (text === said.text) return;
    const wait = slow ? Math.max(0, said.at + QUIET_MS - performance.now()) : 0;
    if (wait === 0) return setSaid({ text, at: performance.now() });
    const timer = setTimeout(() => setSaid({ text, at: performance.now() }), wait);
    return () => clearTimeout(timer);
  }, [text, slow]);
  return <div class="sr" id="live" aria-live="polite">{said.text}</div>;
}
