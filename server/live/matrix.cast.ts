/** The eight who send every frame, with both doors open on one port. The things they speak of are those of the matrix of routes. */
import { addMember } from "../chat/membership.ts";
import { postMessage } from "../chat/messages.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { createRoom } from "../chat/rooms.ts";
import { type Asker, type Cast, matrixCast, type Stage, stageFor } from "../http/matrix.cast.ts";
import { type Doors, openDoors } from "../testing/doors.ts";
import { draftFor } from "../testing/world.ts";

export type FrameCast = Cast & { doors: Doors; stage(asker: Asker): FrameStage };

export type FrameStage = Stage & {
  /** A message of a room that only its one member reads: the asker's own id would not open it either. */
  elsewhere(): Promise<string>;
  /** Somebody who is in the stage's room with a sign-in of their own, to be ended. */
  rob(): Promise<SignedInPrincipal>;
};

export async function frameCast(): Promise<FrameCast> {
  const cast = await matrixCast();
  const doors = await openDoors(cast.world);
  const { chat, ann, person } = cast.world;
  const solo = await person("tenant-one", "solo");
  const { room } = await createRoom(chat, solo, { type: "channel", name: "cell", visibility: "private" });
  const kept = await postMessage(chat, solo, draftFor(room, "to nobody"));
  return {
    ...cast,
    doors,
    stage(asker) {
      const stage = stageFor(cast, asker);
      return {
        ...stage,
        elsewhere: async () => kept.message.id,
        async rob() {
          const rob = await person("tenant-one", `rob-${stage.number}`);
          await addMember(chat, ann, { room_id: await stage.room(), user_id: rob.user_id });
          return rob;
        },
      };
    },
    async dispose() {
      await doors.stop();
      await cast.dispose();
    },
  };
}
