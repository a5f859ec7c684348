/** Files in the page: how they come in, where they wait, and the place they have in a message. What shows and handles them is fetched with the first of them. */
import "../styles/files.css";
import { useEffect, useRef } from "preact/hooks";
import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";
import { sizeOf } from "../lib/sizes.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { Icon } from "./icon.tsx";

const shown = createLater(() => import("./files-shown.tsx"));

export type ShownProps = { app: App; files: readonly FileOfMessage[] };

/** A message's files, in boxes that are as large before anything is fetched as they will be. */
export function RowFiles({ app, files }: ShownProps) {
  const part = shown.part.value;
  const desk = app.files.desk.value;
  useEffect(() => {
    shown.load();
    void app.files.open();
  }, []);
  return (
    <div class="files">
      {part && desk
        ? part.it.Shown({ app, desk, files })
        : files.map((file) => <div class="files__box" data-kind={file.width === undefined ? "line" : "picture"} key={file.id} style={boxOf(file)} />)}
    </div>
  );
}

const WIDEST_PX = 360;
const HIGHEST_PX = 300;

/** As wide and high as the picture is shown; narrower rooms keep its shape. */
export function boxOf({ width, height }: FileOfMessage): Record<string, string> {
  if (width === undefined || height === undefined) return {};
  const scale = Math.min(1, WIDEST_PX / width, HIGHEST_PX / height);
  return { inlineSize: `${Math.max(24, Math.round(width * scale))}px`, aspectRatio: `${width} / ${height}` };
}

/** What waits in this draft, over the writing. */
export function Tray({ app, draft }: { app: App; draft: string }) {
  const part = shown.part.value;
  const desk = app.files.desk.value;
  const isUsed = desk?.uploads.value.some((one) => one.draft === draft) ?? false;
  useEffect(() => {
    if (isUsed) shown.load();
  }, [isUsed]);
  return part && desk && isUsed ? <part.it.Waiting desk={desk} draft={draft} /> : null;
}

/** Over everything, while one is looked at. */
export function Viewer({ app }: { app: App }) {
  const part = shown.part.value;
  const desk = app.files.desk.value;
  return part && desk?.viewed.value ? <part.it.Viewing desk={desk} /> : null;
}

/** Says how much may be sent before anything is chosen. */
export function Attach({ app, room_id, draft }: { app: App; room_id: string; draft: string }) {
  const field = useRef<HTMLInputElement>(null);
  const words = strings.attach(sizeOf(app.limits.value.file_bytes));
  const onChange = ({ currentTarget }: Event & { currentTarget: HTMLInputElement }): void => {
    void app.files.add(room_id, draft, [...(currentTarget.files ?? [])]);
    currentTarget.value = ""; // the same file may be chosen again
  };
  return (
    <>
      <button class="composer__attach" type="button" aria-label={words} title={words} onClick={() => field.current?.click()}>
        <Icon sign="clip" />
      </button>
      <input type="file" multiple hidden tabIndex={-1} ref={field} onChange={onChange} />
    </>
  );
}

/** Where files are dropped, wherever that is on the page: it says which room they go to, and only while some are over it. */
export function DropTarget({ title, onDrop }: { title: string; onDrop(files: readonly File[]): void }) {
  const target = useRef<HTMLDivElement>(null);
  useEffect(() => watchDrops((isOver) => target.current?.toggleAttribute("hidden", !isOver), onDrop), [onDrop]);
  return (
    <div class="drop" hidden ref={target} aria-hidden="true">
      <p>{strings.drop_files(title)}</p>
    </div>
  );
}

/** A file that is dropped on the page must not take its place, or what was being written is gone. */
function watchDrops(over: (is: boolean) => void, dropped: (files: readonly File[]) => void): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  let depth = 0; // of what is entered and not left: a child is entered before its parent is left
  const hear = (type: "dragenter" | "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void): void =>
    window.addEventListener(
      type,
      (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault(); // or the drop is the browser's
        act(event);
        over(depth > 0);
      },
      { signal },
    );
  hear("dragenter", () => (depth += 1));
  hear("dragover", () => {});
  hear("dragleave", () => (depth -= 1));
  hear("drop", ({ dataTransfer }) => {
    depth = 0;
    dropped([...(dataTransfer?.files ?? [])]);
  });
  return () => ends.abort();
}
