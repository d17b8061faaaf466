// An address that cannot be listened on, in words. Imports nothing: the build, which may do little, reads it too.

/** Why `host` and `port` cannot be listened on, in words; null for any other error. */
export function whyNotListening(
  error: unknown,
  { host, port }: { host: string; port: number },
): string | null {
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${port} is in use. Stop what uses it, or choose another with PORT=5006.`;
  }
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return `This process may not listen on port ${port}. Choose one above 1023, such as PORT=5006.`;
    case "EADDRNOTAVAIL":
    case "EINVAL": // what Deno says of the same
      return `${host} is no address of this machine. Set HOST to one of its own, to 127.0.0.1, or to 0.0.0.0 for all.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The name ${host} leads to no address. Set HOST to an IP address or to a name that resolves.`;
    default:
      return null;
  }
}
