// A client of HTTP that writes a request and reads its answer, and does nothing else: what `fetch` takes of its own
// (0.3 of the 0.75 ms that an answer without any work behind it takes) is neither the server's time nor a browser's.

export interface PlainClient {
  /** Sends JSON. Resolves when the last byte of the answer is there, with the milliseconds since the request and the
   * answer's text. Throws where it is another one than 200, or has no length. */
  post(path: string, body: unknown): Promise<PlainAnswer>;
  close(): void;
}

interface PlainAnswer {
  readonly took: number;
  readonly text: string;
}

/** Bytes of the longest answer. */
const LONGEST = 1024 * 1024;
const HEAD_END = "\r\n\r\n";

/** One connection to a server, kept open. */
export async function openPlainClient(url: string): Promise<PlainClient> {
  const { hostname, port, host } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  connection.setNoDelay(true);
  const answer = new Uint8Array(LONGEST);
  return {
    async post(path, body) {
      const request = writeRequest(host, path, JSON.stringify(body));
      const begun = performance.now();
      await writeAll(connection, request);
      const { head, length } = await readAnswer(connection, answer);
      const took = performance.now() - begun;
      const text = new TextDecoder().decode(answer.subarray(head.length, length));
      if (!/^HTTP\/1\.1 200 /.test(head)) throw new Error(`The server answered ${head}${text}`);
      return { took, text };
    },
    close: () => connection.close(),
  };
}

function writeRequest(host: string, path: string, json: string): Uint8Array<ArrayBuffer> {
  const headers = [
    ...[
      `POST ${path} HTTP/1.1`,
      `host: ${host}`,
      "content-type: application/json",
      "x-nexttoken-client: bench",
    ],
    `content-length: ${new TextEncoder().encode(json).length}`,
  ];
  return new TextEncoder().encode(headers.join("\r\n") + HEAD_END + json);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Reads one answer into `into`: its head, which is ASCII, and how many bytes it has with its body. */
async function readAnswer(
  connection: Deno.Conn,
  into: Uint8Array,
): Promise<{ readonly head: string; readonly length: number }> {
  let [read, head, length] = [0, "", Infinity];
  while (read < length) {
    const count = await connection.read(into.subarray(read));
    if (count === null) throw new Error("The server closed the connection before its answer was complete.");
    read += count;
    if (head !== "") continue;
    const text = new TextDecoder().decode(into.subarray(0, read));
    const end = text.indexOf(HEAD_END);
    if (end === -1) continue;
    head = text.slice(0, end + HEAD_END.length);
    const body = /^content-length: (\d+)\r$/im.exec(head)?.[1];
    if (body === undefined) throw new Error(`The server sent an answer without a length: ${head}`);
    length = head.length + Number(body);
  }
  return { head, length };
}
