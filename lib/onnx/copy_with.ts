// Copies of protobuf messages with some fields changed.
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";

/** A shallow copy of `message`: nested messages and bytes are shared. A spread would lose the defaults of fields that
 * are not set, because they live on the message's prototype. */
export function copyWith<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  changes: Partial<MessageShape<Desc>>,
): MessageShape<Desc> {
  return Object.assign(create(schema), message, changes);
}
