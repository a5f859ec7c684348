/** Who came and went, as the page has it: nothing, until the first room of several people has been opened. */
import type { Member, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { createLater } from "./later.ts";

export function createMoves(parts: { api: Pick<Api, "get">; meet(users: readonly User[]): void }) {
  const later = createLater(async () => {
    const { MovesModel, withMoves } = await import("./moves.ts");
    return { model: new MovesModel(parts), withMoves };
  });
  const model = () => later.part.peek()?.it.model;
  return { ...later, heard: (member: Member): void => model()?.heard(member), forget: (): void => model()?.forget() };
}
