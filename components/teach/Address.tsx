/// <reference lib="dom" />
// The way for a class to this page: an address and its QR code; and the lock on the model.
import { useEffect, useMemo } from "preact/hooks";
import { encode } from "uqr";
import type { Classroom } from "../../lib/wire/classroom.ts";
import { createClassroom, listClassAddresses } from "../../lib/explorer/teach/classroom.ts";
import type { Stores } from "../../lib/explorer/stores/stores.ts";

/** A QR code as one path of squares; its quiet zone of four is part of it. */
function QrCode({ text }: { text: string }) {
  const { size, path } = useMemo(() => {
    const { data, size } = encode(text, { ecc: "M", border: 4 });
    const dark = data.flatMap((row, y) => row.flatMap((on, x) => on ? [`M${x} ${y}h1v1h-1z`] : []));
    return { size, path: dark.join("") };
  }, [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`QR code of ${text}`}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  );
}

function Way({ room }: { room: Classroom }) {
  const [address, ...more] = listClassAddresses(room, new URL(location.href));
  if (address !== undefined) {
    return (
      <div class="class-way">
        <QrCode text={address} />
        <p>
          <b class="class-address">{address}</b>
          {more.map((other) => <small key={other}>or {other}</small>)}
          <small>Everybody in the same network can open it.</small>
        </p>
      </div>
    );
  }
  return (
    <p class="note">
      {room.open
        ? "The network reaches this server, but it answers to no address of it: name one in NEXTTOKEN_ALLOWED_HOSTS."
        : "Only this computer can open the page. For a class start it with HOST=0.0.0.0 and " +
          "NEXTTOKEN_ALLOWED_HOSTS=<the address of this computer>."}
    </p>
  );
}

export function Address({ stores }: { stores: Stores }) {
  const store = stores.late(createClassroom);
  useEffect(store.read, []);
  const room = store.room.value;
  return (
    <section aria-labelledby="class-label">
      <h3 id="class-label">For the class</h3>
      {room !== null && <Way room={room} />}
      {room !== null && (
        <label
          class="switch"
          data-tip={room.own ? undefined : "Only a page on the server's own computer can turn it"}
        >
          <input
            type="checkbox"
            role="switch"
            checked={room.locked}
            disabled={!room.own}
            onChange={(event) => store.lock(event.currentTarget.checked)}
          />
          <i aria-hidden="true" />Lock the model: nobody can load another one
        </label>
      )}
      {store.problem.value !== "" && <p class="chat-error" role="alert">{store.problem.value}</p>}
    </section>
  );
}
