/** What each frame of the socket means for the models. A frame says how a thing is now, so hearing it twice changes nothing. */
import { action } from "@preact/signals";
import type { Limits, Member, Room, ServerFrame } from "../../server/protocol.ts";
import type { Account } from "./account.ts";
import type { createAcks } from "./acks.ts";
import type { Outbox } from "./outbox.ts";
import type { People } from "./people.ts";
import type { Directory } from "./directory.ts";
import type { Quotes } from "./quotes.ts";
import type { MyRoom, Rooms } from "./rooms.ts";
import type { Threads } from "./threads.ts";
import type { Timelines } from "./timelines.ts";

export type StreamParts = {
  account: Pick<Account, "heard">;
  rooms: Rooms;
  people: People;
  directory: Pick<Directory, "heard">;
  timelines: Timelines;
  outbox: Outbox;
  acks: ReturnType<typeof createAcks>;
  quotes: Quotes;
  threads: Pick<Threads, "heard" | "began" | "reset">;
  /** Somebody came, went, or has another role. */
  moved(member: Member): void;
  /** Somebody else has read up to there. */
  seen(frame: Extract<ServerFrame, { type: "ack" }>): void;
  myId(): string;
  limited(limits: Limits): void;
  /** Told of a room that was mine a moment ago, and that I did not leave myself. */
  putOut(room: MyRoom): void;
};

export function createStream({
  account,
  rooms,
  people,
  directory,
  timelines,
  outbox,
  acks,
  quotes,
  threads,
  moved: tellMoved,
  seen,
  myId,
  limited,
  putOut,
}: StreamParts): (frame: ServerFrame) => void {
  let epoch = "";

  const named = (list: readonly Room[], first: boolean, last: boolean): void => {
    const { gone, unheard } = rooms.begin(list, first, last);
    timelines.drop(gone);
    acks.again(unheard);
    people.find(list.flatMap(({ user_ids }) => user_ids ?? []));
    if (last) timelines.sync(epoch);
  };

  const moved = (member: Member): void => {
    const before = rooms.rooms.value.get(member.room_id);
    if (!rooms.member(member, myId())) return;
    timelines.drop([member.room_id]);
    if (before) putOut(before);
  };

  return action((frame: ServerFrame): void => {
    switch (frame.type) {
      case "hello":
        epoch = frame.epoch;
        limited(frame.limits);
        people.meet([frame.user]);
        void outbox.adopt();
        return named(frame.rooms, true, frame.last === true);
      case "rooms":
        return named(frame.rooms, false, frame.last === true);
      case "message":
        people.meet([frame.user]);
        people.stop(frame.message.room_id, frame.message.sender_id);
        outbox.heard(frame.message);
        timelines.of(frame.message.room_id)?.apply(frame.message);
        quotes.heard(frame.message);
        threads.heard(frame.message);
        if (rooms.message(frame.message, myId())) acks.own(frame.message.room_id, frame.message.seq);
        return;
      case "member":
        people.meet([frame.user]);
        directory.heard(frame.member, frame.user);
        tellMoved(frame.member);
        timelines.of(frame.member.room_id)?.moved(frame.member.rev);
        return moved(frame.member);
      case "room":
        timelines.of(frame.room.id)?.began(frame.room.first_seq);
        quotes.began(frame.room.id, frame.room.first_seq);
        threads.began(frame.room.id, frame.room.first_seq);
        if (!frame.room.me) timelines.of(frame.room.id)?.moved(frame.room.rev);
        people.find(frame.room.user_ids ?? []);
        return rooms.room(frame.room);
      case "synced":
        if (frame.verdict === "reset") threads.reset(frame.room_id);
        rooms.synced(frame.room_id, frame.last_seq, frame.last_rev);
        return timelines.of(frame.room_id)?.synced(frame.verdict, frame.last_rev);
      case "ack":
        return frame.user_id === myId() ? rooms.acked(frame.room_id, frame.seq) : seen(frame);
      case "typing":
        if (frame.user_id === myId()) return;
        people.find([frame.user_id]);
        return people.types(frame.room_id, frame.user_id, frame.is_typing);
      case "presence":
        return people.present(frame.users);
      case "user":
        people.meet([frame.user]);
        return frame.settings && frame.user.id === myId() ? account.heard(frame.settings) : undefined;
      case "caught_up":
        timelines.retry();
        return outbox.hurry();
      case "saved":
      case "notification": // heard where they are kept
      case "notification_ack":
      case "shutdown":
      case "ok":
      case "error":
      case "pong":
        return;
    }
  });
}
