// Every endpoint of the server, to read. Drawn by the server alone.

interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly initial: string;
  readonly about: string;
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly about: string;
  readonly fields: readonly Field[];
  readonly answers: readonly { readonly status: string; readonly about: string }[];
}

function Fields({ fields, of }: { fields: readonly Field[]; of: string }) {
  return (
    <div class="api-table" role="region" tabIndex={0} aria-label={`Fields of ${of}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Default</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, type, required, initial, about }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{type}</td>
              <td>{required ? "required" : <code>{initial}</code>}</td>
              <td>{about}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function idOf({ method, path }: Endpoint): string {
  return `${method} ${path}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function EndpointSection({ endpoint }: { endpoint: Endpoint }) {
  const { method, path, summary, about, fields, answers } = endpoint;
  const id = idOf(endpoint);
  return (
    <section class="card api-endpoint" id={id} aria-labelledby={`${id}-label`}>
      <h2 id={`${id}-label`}>
        <code>{method} {path}</code>
      </h2>
      <p>{summary}</p>
      {about !== "" && <p class="note">{about}</p>}
      {fields.length > 0 && <Fields fields={fields} of={`${method} ${path}`} />}
      <dl class="api-answers">
        {answers.map(({ status, about }) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function ApiPage({ endpoints }: { endpoints: readonly Endpoint[] }) {
  return (
    <main class="api-page" id="candidates" tabIndex={-1}>
      <h1>Next Token over HTTP</h1>
      <p>
        Everything the page does, a program can ask for: JSON goes in, JSON comes back. The same as an{" "}
        <a class="link" href="/api/openapi.json">OpenAPI document</a>, for tools. Share, <i>Copy as curl</i>
        {" "}
        on the page gives a request that works. <a class="link" href="/">The page</a>
      </p>
      <nav aria-label="Endpoints">
        <ul>
          {endpoints.map((endpoint) => (
            <li key={idOf(endpoint)}>
              <a class="link" href={`#${idOf(endpoint)}`}>
                <code>{endpoint.method} {endpoint.path}</code>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {endpoints.map((endpoint) => <EndpointSection key={idOf(endpoint)} endpoint={endpoint} />)}
    </main>
  );
}
