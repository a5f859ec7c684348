import type { Me } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import * as looking from "../lib/looking.ts";
import { memoryStorage } from "../lib/storage.ts";
import { AppModel } from "../models/app.ts";
import { person, testHouse } from "./house.ts";
import { settled, testApi, testClock, testLink } from "./outside.ts";

export const aboutMe: Me = {
  id: "me",
  username: "me",
  display_name: "Me",
  role: "member",
  kind: "person",
  settings: {},
  workspace: "Pier",
  registration: "invite",
};

/** Somebody who sits before the page, signed in, at this address: the models with a house at the other end. */
export async function sitting(house = testHouse(), path = "/r/room", answers: Record<string, (path: string, body: unknown) => unknown> = {}) {
  const clock = testClock();
  const link = testLink();
  const visited: string[] = [];
  const lost = () => {
    if (!house.isIn("me")) throw new ApiError({ code: "not_found", retry: false });
  };
  const usual = {
    "GET /me/saved/ids": () => ({ message_ids: [] }),
    "GET /me": () => aboutMe,
    "GET /rooms/room/messages": () => (lost(), house.page()),
    "GET /rooms/room/presence": () => ({ items: [] }),
    "GET /rooms/room/pins": () => ({ items: [], users: [] }),
    "GET /rooms/room/members": () => ({ items: [] }),
    "GET /rooms/room": () => (lost(), house.toMe()),
    "GET /users": (asked: string) => ({ items: (/ids=([^&]*)/u.exec(asked)?.[1] ?? "").split(",").map(person) }),
  };
  const api = testApi({ ...answers, ...Object.fromEntries(Object.entries(usual).filter(([call]) => !(call in answers))) });
  const address = { read: () => path, takeSecret: () => "", write: (to: string, how: string) => void visited.push(`${how} ${to}`) };
  let ids = 0;
  const newId = () => `client-id-of-me-${String((ids += 1)).padStart(6, "0")}`;
  const tabs = { id: "tab", alive: async () => () => false };
  const history = { isNarrow: () => false, push: () => {}, back: () => {} };
  const parts = { history, api, link, storage: memoryStorage(), tabs, now: clock.now, newId, later: clock.later, address, looking, secure: true };
  const app = new AppModel(parts);
  await app.account.find();
  const connect = async (verdict: "resumed" | "reset" = "resumed"): Promise<void> => {
    const rev = house.toMe().last_rev;
    link.reach("open");
    link.hear(house.hello());
    const sync = link.said.findLast((frame) => frame.type === "sync");
    const held = sync?.type === "sync" ? new Map(sync.rooms) : new Map<string, number>();
    for (const frame of house.resume(held.get("room") ?? rev, verdict)) link.hear(frame);
    await settled();
  };
  const seen = () => ({ rooms: [...app.rooms.rooms.value.values()], rows: app.timeline.value?.stored.value ?? [] });
  await connect();
  return { app, api, clock, link, house, visited, connect, seen };
}
