/** Where backups are made and restored: a server that comes back at the same port, so that whoever was there before finds what came of it. */
import { afterEach, beforeEach } from "bun:test";
import { join } from "node:path";
import { freePort } from "../../scripts/check/free-port.ts";
import { call, type Person, type Reach, reachOf } from "../../scripts/faults/person.ts";
import type { Room } from "../protocol.ts";
import { type Served, type Yard, yard } from "./process.ts";

export const PASSWORD = "a lighthouse keeper";

/** No limits, and no checkpoint: what is committed lies in the WAL alone, where a copy of the file would miss it. */
const LIFTED = [
  ...["sends", "sends-burst", "requests", "requests-burst", "address", "address-burst", "frames"].flatMap((name) => [`--limit-${name}`, "100000"]),
  ...["--tend-every", "1h"],
];

export type Place = {
  here: Yard;
  reach: Reach;
  /** Of the backup, which nobody has made yet. */
  copy: string;
  serve(): Promise<Served>;
};

/** For each test of the file a yard of its own; gives that of the test which asks. */
export function placesForBackups(): () => Place {
  let place: Place;
  beforeEach(async () => {
    const here = await yard();
    const port = freePort();
    const serve = (): Promise<Served> => here.serve(["--port", String(port), "--registration", "open", ...LIFTED]);
    place = { here, reach: reachOf(`http://127.0.0.1:${port}`), copy: join(here.folder, "copy.backup"), serve };
  });
  afterEach(() => place.here.dispose());
  return () => place;
}

export type Someone = Pick<Person, "id" | "token">;

export async function settle({ url, setup_token }: Served): Promise<{ owner: Someone; room_id: string }> {
  const reach = reachOf(url);
  const made = await call(reach, "POST", "/setup", null, { setup_token, workspace: "Harbour", username: "owner", password: PASSWORD });
  const { access_token, user } = (made?.body ?? {}) as { access_token: string; user: { id: string } }; // the route's schema
  const room = await call(reach, "POST", "/rooms", access_token, { type: "channel", name: "quay", visibility: "public" });
  return { owner: { id: user.id, token: access_token }, room_id: ((room?.body ?? {}) as Room).id };
}
