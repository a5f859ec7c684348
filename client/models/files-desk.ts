/**
 * Where files are handled: what this tab brings, each on its way or up, by room and in the order it was chosen; and what it has fetched of pictures. What is
 * up is kept with the room's draft, so that a reload loses nothing of it; it is in no message until the draft is sent.
 */
import { action, createModel, effect, signal } from "@preact/signals";
import type { Limits } from "../../server/protocol.ts";
import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";
import type { FileTicket, UploadedFile } from "../../server/protocol/files.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import { keepDraft, keptDraft } from "../lib/drafts.ts";
import { sizeOf } from "../lib/sizes.ts";
import { type Sending, upload } from "../lib/uploading.ts";
import { uploadStrings } from "../lib/upload-strings.ts";

export type Upload = {
  key: string;
  room_id: string;
  /** Whose it is: the room's, or a thread's in it. */
  draft: string;
  name: string;
  bytes: number;
  state: "waiting" | "sending" | "stored" | "failed";
  /** From 0 to 1. */
  share: number;
  /** A refusal's code, where it failed. */
  reason?: string;
  /** The server's word, when it is up. */
  file?: UploadedFile;
  /** What the browser can show of it already. */
  url?: string;
};
export type DeskParts = {
  api: Pick<Api, "fetch" | "post" | "delete" | "credential" | "refresh">;
  /** For tests. */
  upload?: typeof upload;
  myId(): string;
  limits(): Limits;
  say(words: string): void;
  now(): number;
};
export type FilesDesk = InstanceType<typeof FilesDeskModel>;

const AT_ONCE = 2;
const FILES_MAX = 10; // of one message
const KEPT_MS = 23 * 3_600_000; // the server keeps what is in no message for a day
const PICTURES_MAX = 80;

export const FilesDeskModel = createModel(({ api, upload: bring = upload, myId, limits, say, now }: DeskParts) => {
  const uploads = signal<readonly Upload[]>([]);
  const sends = signal<ReadonlyMap<string, () => void>>(new Map()); // by draft, what is to be done when all is up
  const viewed = signal<{ file: FileOfMessage; of: readonly FileOfMessage[] } | null>(null);
  const fetching = signal<ReadonlySet<string>>(new Set());
  const chosen = new Map<string, File>();
  const running = new Map<string, Sending>();
  const pictures = new Map<string, Promise<string | null>>();
  let count = 0;

  const change = action((key: string, to: Partial<Upload>): void => {
    uploads.value = uploads.value.map((one) => (one.key === key ? { ...one, ...to } : one));
  });
  const drop = action((gone: readonly Upload[]): void => {
    for (const { key, url } of gone) {
      running.get(key)?.cancel();
      running.delete(key);
      chosen.delete(key);
      if (url !== undefined) URL.revokeObjectURL(url);
    }
    const keys = new Set(gone.map(({ key }) => key));
    uploads.value = uploads.value.filter(({ key }) => !keys.has(key));
  });
  const of = (draft: string): Upload[] => uploads.peek().filter((one) => one.draft === draft);

  /** Begins what waits, two at a time. */
  const pump = (): void => {
    const [next] = uploads.peek().filter(({ state }) => state === "waiting");
    const file = next && chosen.get(next.key);
    if (!next || !file || running.size >= AT_ONCE) return;
    const { key } = next;
    const sending = bring(api, next.room_id, file, (share) => change(key, { share }));
    running.set(key, sending);
    change(key, { state: "sending", share: 0 });
    const ended = (to: Partial<Upload>): void => {
      if (running.get(key) !== sending) return;
      running.delete(key);
      change(key, to);
      pump();
    };
    sending.done.then(
      (stored) => ended({ state: "stored", share: 1, file: stored }),
      (fault: unknown) => ended({ state: "failed", reason: fault instanceof ApiError ? fault.code : "internal" }),
    );
    pump();
  };

  const add = action((room_id: string, draft: string, files: readonly File[]): void => {
    const most = limits().file_bytes;
    const fit = files.filter(({ size }) => size > 0 && size <= most);
    const wrong = files.find((file) => !fit.includes(file));
    const room = FILES_MAX - of(draft).length;
    if (wrong) say(wrong.size === 0 ? uploadStrings.empty(wrong.name) : uploadStrings.too_large(wrong.name, sizeOf(most)));
    else if (fit.length > room) say(uploadStrings.too_many(FILES_MAX));
    const made = fit.slice(0, room).map((file): Upload => {
      const key = `file-${(count += 1)}`;
      chosen.set(key, file);
      const url = /^image\/(png|jpeg|gif|webp)$/u.test(file.type) ? { url: URL.createObjectURL(file) } : {};
      return { key, room_id, draft, name: file.name, bytes: file.size, state: "waiting", share: 0, ...url };
    });
    uploads.value = [...uploads.value, ...made];
    pump();
  });

  const keptAs = (draft: string): string => `${draft} files`;
  const keptDrafts = new Set<string>();
  const keepAll = (): void => {
    const drafts = Map.groupBy(uploads.value, (one) => one.draft);
    for (const draft of new Set([...drafts.keys(), ...keptDrafts])) {
      const files = (drafts.get(draft) ?? []).flatMap(({ file }) => file ?? []);
      keepDraft(myId(), keptAs(draft), files.length > 0 ? JSON.stringify(files) : "");
      if (files.length > 0) keptDrafts.add(draft);
      else keptDrafts.delete(draft);
    }
  };
  const restored = (draft: string): UploadedFile[] => {
    try {
      const kept: UploadedFile[] = JSON.parse(keptDraft(myId(), keptAs(draft)) || "[]");
      return kept.filter(({ created_at }) => now() - Date.parse(created_at) < KEPT_MS);
    } catch {
      return [];
    }
  };
  const put = action((draft: string, files: readonly UploadedFile[]): void => {
    const held = new Set(of(draft).map(({ file }) => file?.id));
    const made = files
      .filter(({ id }) => !held.has(id))
      .map((file): Upload => ({
        ...{ key: `file-${(count += 1)}`, room_id: file.room_id, draft, name: file.name, bytes: file.bytes },
        ...{ state: "stored", share: 1, file },
      }));
    uploads.value = [...made, ...uploads.value];
    if (made.length > 0) keptDrafts.add(draft);
  });
  const waitFor = action((draft: string, send: (() => void) | null): void => {
    const next = new Map(sends.value);
    if (send) next.set(draft, send);
    else next.delete(draft);
    sends.value = next;
  });

  effect(keepAll);
  effect(() => {
    for (const [draft, send] of sends.value) {
      const here = uploads.value.filter((one) => one.draft === draft);
      if (here.some(({ state }) => state === "waiting" || state === "sending")) continue;
      queueMicrotask(() => {
        waitFor(draft, null);
        if (here.every(({ state }) => state === "stored")) send();
      });
    }
  });

  const bytesOf = async (path: string): Promise<Blob | null> => {
    const answer = await api.fetch(path).catch(() => null);
    return answer?.ok === true ? answer.blob().catch(() => null) : null;
  };
  const busy = action((file_id: string, is: boolean): void => {
    const next = new Set(fetching.value);
    if (is) next.add(file_id);
    else next.delete(file_id);
    fetching.value = next;
  });

  return {
    uploads,
    /** Drafts that go as soon as their files are up. */
    sends,
    /** The picture that is looked at, and those it stands among; null for none. */
    viewed,
    /** What is being fetched to be saved. */
    fetching,
    add,
    /** What was up when this draft was left. */
    enter: (draft: string): void => put(draft, restored(draft)),
    /** Takes out of the draft; the server forgets it too, if it has it. */
    cancel(key: string): void {
      const one = uploads.peek().find((each) => each.key === key);
      if (!one) return;
      drop([one]);
      if (one.file) void api.delete(`/files/${one.file.id}`).catch(() => undefined); // else it goes after a day
      pump();
    },
    retry(key: string): void {
      change(key, { state: "waiting" });
      pump();
    },
    has: (draft: string): boolean => of(draft).length > 0,
    /** Whether all of this draft's files are up. If some are on their way, `send` is called when they are; if one has failed, it is said. */
    isReady(draft: string, send: () => void): boolean {
      const here = of(draft);
      if (here.every(({ state }) => state === "stored")) return true;
      if (here.some(({ state }) => state === "failed")) say(uploadStrings.not_up);
      else waitFor(draft, send);
      return false;
    },
    /** Who has left the room, or writes on, sends later. */
    endWait: (draft: string): void => waitFor(draft, null),
    /** What is up, for the message that takes it. */
    take(draft: string): FileOfMessage[] {
      const here = of(draft);
      for (const { file, url } of here)
        if (file?.width !== undefined && url !== undefined) pictures.set(pathOf(file.id, file.preview === true), Promise.resolve(url));
      drop(here.map(({ url: _, ...rest }) => rest)); // the row shows it from there
      return here.flatMap(({ file }) => (file ? [told(file)] : []));
    },
    /** A message that was given up gives its files back to its room's draft. */
    giveBack(room_id: string, files: readonly FileOfMessage[]): void {
      const created_at = new Date(now()).toISOString();
      put(
        room_id,
        files.map((file) => ({ ...file, room_id, created_at })),
      );
    },
    /** The address under which this page shows the picture, null where it cannot be had. The last ones are kept. */
    picture(file_id: string, small: boolean): Promise<string | null> {
      const path = pathOf(file_id, small);
      const held = pictures.get(path) ?? bytesOf(path).then((bytes) => bytes && URL.createObjectURL(bytes));
      pictures.delete(path);
      pictures.set(path, held);
      void held.then((url) => url === null && pictures.delete(path)); // the next who looks asks again
      for (const [oldest, gone] of pictures) {
        if (pictures.size <= PICTURES_MAX) break;
        pictures.delete(oldest);
        void gone.then((url) => url !== null && URL.revokeObjectURL(url));
      }
      return held;
    },
    /** The address from which the browser itself saves it, once; null, and said, where it cannot be had. */
    async address({ id }: FileOfMessage): Promise<string | null> {
      busy(id, true);
      const ticket = await api.post<FileTicket>(`/files/${id}/tickets`).catch(() => null);
      busy(id, false);
      if (!ticket) say(uploadStrings.not_fetched);
      return ticket?.url ?? null;
    },
    look: action((file: FileOfMessage | null, among: readonly FileOfMessage[] = []): void => {
      viewed.value = file && { file, of: among };
    }),
    /** The next picture, or the one before; at an end it stays. */
    step: action((by: number): void => {
      const { file, of: all } = viewed.value ?? { file: null, of: [] };
      const next = all[all.findIndex(({ id }) => id === file?.id) + by];
      if (next) viewed.value = { file: next, of: all };
    }),
    /** Somebody else may sit here next. */
    forget: action((): void => {
      keptDrafts.clear(); // what is kept stays kept, with the drafts
      drop(uploads.value);
      for (const held of pictures.values()) void held.then((url) => url !== null && URL.revokeObjectURL(url));
      pictures.clear();
      viewed.value = null;
    }),
  };
});

const pathOf = (file_id: string, small: boolean): string => `/files/${file_id}${small ? "/preview" : ""}`;

const told = ({ id, name, type, bytes, width, height, preview }: UploadedFile): FileOfMessage => ({
  id,
  name,
  type,
  bytes,
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
  ...(preview && { preview }),
});
