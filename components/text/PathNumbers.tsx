// The numbers of the current path, where a wide window has room for them. Loaded when the page is there.
import { numbersOfPath } from "../../lib/explorer/views/path_numbers.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { Written } from "../Written.tsx";

export function PathNumbers({ session }: { session: Session }) {
  return (
    <section class="path-numbers" aria-label="Numbers of this path">
      <dl>
        {numbersOfPath(session).map(({ label, value, term }) => (
          <div key={label} tabIndex={0} data-term={term}>
            <dt>{label}</dt>
            <dd class="num">
              <Written text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
