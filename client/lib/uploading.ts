/** Brings bytes to the server. By XMLHttpRequest: `fetch` does not tell how far it is. */
import type { UploadedFile } from "../../server/protocol/files.ts";
import { ApiError } from "./api-error.ts";

const SILENCE_MS = 60_000; // a line on which nothing moves for so long is dead

/** What shows who asks, and asks for it anew. */
export type Uploader = { credential(): Readonly<Record<string, string>>; refresh(): Promise<boolean> };
export type Sending<Told = UploadedFile> = { done: Promise<Told>; cancel(): void };
type Target = { method: "POST" | "PUT"; path: string; headers?: Record<string, string> };

/** A file for a message of this room. */
export const upload = (api: Uploader, room_id: string, file: File, hear: (share: number) => void): Sending =>
  bring(
    api,
    { method: "POST", path: `/rooms/${encodeURIComponent(room_id)}/files`, headers: { "x-file-name": encodeURIComponent(file.name.toWellFormed()) } },
    file,
    hear,
  );

/** `hear` is told the share that has gone, from 0 to 1. `done` rejects with ApiError; what was cancelled never settles. */
export function bring<Told>(api: Uploader, { method, path, headers: more }: Target, file: File, hear: (share: number) => void): Sending<Told> {
  const { promise: done, resolve, reject } = Promise.withResolvers<Told>();
  let asking: XMLHttpRequest;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => asking.abort(), SILENCE_MS);
  };
  const offline = (): void => reject(new ApiError({ code: "offline", retry: true }));
  const send = (isSecond: boolean): void => {
    asking = new XMLHttpRequest();
    asking.open(method, `/api/v1${path}`);
    const headers = { ...api.credential(), "content-type": "application/octet-stream", ...more };
    for (const [name, value] of Object.entries(headers)) asking.setRequestHeader(name, value);
    asking.upload.onprogress = ({ loaded, total }) => {
      watch();
      hear(total > 0 ? loaded / total : 0);
    };
    asking.onload = () => {
      clearTimeout(timer);
      if (asking.status === 401 && !isSecond) void api.refresh().then((isIn) => (isIn ? send(true) : offline()), offline);
      else if (asking.status === 200 || asking.status === 201) resolve(JSON.parse(asking.responseText));
      else reject(refusalIn(asking.responseText));
    };
    asking.onerror = offline;
    asking.onabort = offline;
    watch();
    asking.send(file);
  };
  send(false);
  return {
    done,
    cancel() {
      clearTimeout(timer);
      asking.onabort = null;
      asking.abort();
    },
  };
}

function refusalIn(text: string): ApiError {
  try {
    const { error } = JSON.parse(text);
    return new ApiError(error);
  } catch {
    return new ApiError({ code: "internal", retry: true });
  }
}
