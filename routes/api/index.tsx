// The endpoints, to read.
import { ApiPage } from "../../components/ApiPage.tsx";
import { openApiDocument } from "../../lib/api/openapi.ts";
import { listEndpoints } from "../../lib/api/readable.ts";
import { define } from "../../lib/define.ts";

export default define.page(function Api({ state }) {
  const { model } = state.engine.status();
  const document = openApiDocument(model.state === "ready" ? model.info : null);
  return <ApiPage endpoints={listEndpoints(document)} />;
});
