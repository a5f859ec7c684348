/** Who has read what, as the page has it: nothing, until a room is opened in a workspace that lets it be told. */
import type { ServerFrame } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { createLater } from "./later.ts";

export function createReceipts(parts: { api: Pick<Api, "get">; find(ids: readonly string[]): void; now(): number }) {
  const later = createLater(async () => {
    const { ReceiptsModel } = await import("./receipts.ts");
    return new ReceiptsModel(parts);
  });
  const model = () => later.part.peek()?.it;
  return {
    ...later,
    heard: (frame: Extract<ServerFrame, { type: "ack" }>): void => model()?.heard(frame),
    forget: (): void => model()?.forget(),
  };
}
