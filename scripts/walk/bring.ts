/** Files brought by REST, as they are: for what nobody would choose a hundred times by hand. */
import type { Tokens } from "../../server/protocol.ts";
import type { UploadedFile } from "../../server/protocol/files.ts";
import { callerOf, PASSWORD } from "./rest.ts";

export type Sent = { name: string; bytes: Uint8Array };
export type Seat = { token: string };

/** Signs in anew: it is one more device of theirs. */
export async function seatOf(origin: string, username: string): Promise<Seat> {
  const { access_token } = (await callerOf(origin, null)("POST", "/auth/login", { username, password: PASSWORD })) as Tokens;
  return { token: access_token };
}

/** A picture of oneself, or of the workspace. */
export async function put(origin: string, path: "/me/avatar" | "/admin/config/logo", { token }: Seat, bytes: Uint8Array): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" };
  const answer = await fetch(`${origin}/api/v1${path}`, { method: "PUT", headers, body: Buffer.from(bytes) });
  if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status}`);
}

/** Gives its id. Waits as long as it is told. */
export async function bring(origin: string, room_id: string, { token }: Seat, { name, bytes }: Sent): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(name) };
  const ask = (): Promise<Response> => fetch(`${origin}/api/v1/rooms/${room_id}/files`, { method: "POST", headers, body: Buffer.from(bytes) });
  let answer = await ask();
  for (; answer.status === 429; answer = await ask()) await Bun.sleep(200);
  return ((await answer.json()) as UploadedFile).id;
}
