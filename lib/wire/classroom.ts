// GET and POST /api/classroom: how a class reaches this server, and whether it may choose models. Types only.

export interface Classroom {
  /** The server listens to the network, not to this computer alone. */
  readonly open: boolean;
  /** Addresses of the page by which other computers may reach it. */
  readonly addresses: readonly string[];
  /** Loading another model is refused. */
  readonly locked: boolean;
  /** The request came from the server's own computer: it may lock and unlock. */
  readonly own: boolean;
}

export interface ClassroomInput {
  readonly locked: boolean;
}
