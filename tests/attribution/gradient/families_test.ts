// Gradients of models as families build them: the slope of F.
import { openGradientSession } from "../../../lib/attribution/gradient/session.ts";
import { inFolder } from "../../onnx/onnx_edit.ts";
import { openLibrary } from "../../runners/native_fixture.ts";
import { FAMILIES } from "../families.ts";
import { smallModel, VOCABULARY } from "../small_models.ts";
import { checkSlopes } from "./slope.ts";

for (const [name, family] of Object.entries(FAMILIES)) {
  Deno.test(`${name}: the gradient is the slope of F`, async () => {
    await inFolder(async (folder) => {
      await Deno.writeFile(`${folder}/model.onnx`, smallModel(family));
      const session = await openGradientSession(openLibrary(), `${folder}/model.onnx`, {});
      try {
        await checkSlopes(session, [3, 11, 5, 30, 8], VOCABULARY);
      } finally {
        await session.dispose();
      }
    });
  });
}
