/** Files as they are seen: in a message, in the draft that waits for them, and a picture by itself. Fetched with the first of them. */
import { useEffect, useRef } from "preact/hooks";
import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";
import { perLanguage } from "../lib/language.ts";
import { sizeOf } from "../lib/sizes.ts";
import { reasonOf, strings } from "../lib/strings.ts";
import { uploadStrings } from "../lib/upload-strings.ts";
import type { App } from "../models/app.ts";
import type { FilesDesk, Upload } from "../models/files-desk.ts";
import { boxOf } from "./files.tsx";
import { Icon } from "./icon.tsx";

type Desk = { desk: FilesDesk };

export function Shown({ app, desk, files }: Desk & { app: App; files: readonly FileOfMessage[] }) {
  const fetching = desk.fetching.value;
  return files.map((file) =>
    file.width === undefined ? (
      <div class="files__box" data-kind="line" key={file.id}>
        <Icon sign="file" />
        <span class="files__name" dir="auto" title={file.name}>
          {file.name}
        </span>
        <span class="files__about">{aboutOf(file)}</span>
        <button
          class="tool"
          type="button"
          tabIndex={-1}
          aria-label={uploadStrings.download(file.name)}
          title={uploadStrings.download(file.name)}
          aria-busy={fetching.has(file.id)}
          onClick={() => void save(desk, file)}
        >
          <Icon sign="download" />
        </button>
      </div>
    ) : (
      <button
        class="files__box"
        data-kind="picture"
        type="button"
        tabIndex={-1}
        key={file.id}
        style={boxOf(file)}
        aria-label={uploadStrings.open(file.name)}
        aria-haspopup="dialog"
        onClick={() => desk.look(file, picturesAround(app, files))}
      >
        <Picture desk={desk} file={file} small />
      </button>
    ),
  );
}

/** All pictures that the room holds just now, in order; those of what is not stored yet stand by themselves. */
function picturesAround(app: App, files: readonly FileOfMessage[]): FileOfMessage[] {
  const stored = app.timeline.peek()?.stored.peek() ?? [];
  const isStored = stored.some((message) => message.files?.some(({ id }) => id === files[0]?.id));
  const all = isStored ? stored.flatMap((message) => message.files ?? []) : files;
  return all.filter(({ width }) => width !== undefined);
}

/** The kind as its name ends, else as its bytes say; and its size. */
function aboutOf({ name, type, bytes }: FileOfMessage, ...more: string[]): string {
  const ending = /\.([a-z0-9]{1,5})$/iu.exec(name)?.[1] ?? (type === "application/octet-stream" ? "" : (type.split("/")[1] ?? ""));
  return uploadStrings.about([ending.toUpperCase(), sizeOf(bytes), ...more].filter((part) => part !== ""));
}

/** Fetched when it comes near the window. What cannot be shown says so. */
function Picture({ desk, file, small }: Desk & { file: FileOfMessage; small: boolean }) {
  const picture = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const { current } = picture;
    if (!current) return undefined;
    const isSmall = small && file.preview === true;
    const show = (): void => {
      void desk.picture(file.id, isSmall).then((url) => {
        if (url !== null) current.src = url;
        current.dataset["state"] = url === null ? "failed" : "";
      });
    };
    if (!small) return show();
    const near = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && (near.disconnect(), show()), { rootMargin: "800px" });
    near.observe(current);
    return () => near.disconnect();
  }, [file.id]);
  return <img class="files__picture" alt={file.name} draggable={false} width={file.width} height={file.height} ref={picture} />;
}

export function Waiting({ desk, draft }: Desk & { draft: string }) {
  const here = desk.uploads.value.filter((one) => one.draft === draft);
  const waits = desk.sends.value.has(draft);
  return (
    <div class="tray">
      <ul class="tray__list" aria-label={uploadStrings.files_to_send(here.length)}>
        {here.map((one) => (
          <li class="tray__item" data-state={one.state} key={one.key}>
            <Thumbnail desk={desk} one={one} />
            <span class="tray__words">
              <span class="tray__name" dir="auto" title={one.name}>
                {one.name}
              </span>
              <span class="tray__state">{stateOf(one)}</span>
            </span>
            {one.state === "failed" && one.reason !== "too_large" && (
              <button class="link" type="button" aria-label={uploadStrings.retry(one.name)} onClick={() => desk.retry(one.key)}>
                {strings.retry}
              </button>
            )}
            <button
              class="tool"
              type="button"
              aria-label={uploadStrings.take_out(one.name)}
              title={uploadStrings.take_out(one.name)}
              onClick={() => desk.cancel(one.key)}
            >
              <Icon sign="close" />
            </button>
            {one.state === "sending" && <progress class="tray__progress" value={one.share} max={1} aria-label={one.name} />}
          </li>
        ))}
      </ul>
      <p class="tray__waits" role="status">
        {waits && uploadStrings.sends_when_up}
      </p>
    </div>
  );
}

const percent = perLanguage((here) => new Intl.NumberFormat(here, { style: "percent" }));

function stateOf({ state, share, reason = "", bytes }: Upload): string {
  if (state === "failed") return uploadStrings.failed(reasonOf(reason));
  if (state === "waiting") return uploadStrings.waiting;
  return state === "stored" ? uploadStrings.about([sizeOf(bytes)]) : uploadStrings.uploaded(percent().format(share));
}

function Thumbnail({ desk, one }: Desk & { one: Upload }) {
  if (one.url !== undefined) return <img class="tray__picture" src={one.url} alt="" />;
  if (one.file?.width === undefined) return <Icon sign="file" />;
  return (
    <span class="tray__picture">
      <Picture desk={desk} file={one.file} small />
    </span>
  );
}

/** The platform's dialog: it traps the focus, closes on Esc and gives the focus back. */
export function Viewing({ desk }: Desk) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const viewed = desk.viewed.value;
  if (!viewed) return null;
  const { file, of } = viewed;
  const at = of.findIndex(({ id }) => id === file.id);
  const onKeyDown = (event: KeyboardEvent): void => {
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    desk.step(event.key === forward ? 1 : -1);
  };
  return (
    <dialog class="viewer" ref={dialog} aria-labelledby="viewer-name" onClose={() => desk.look(null)} onKeyDown={onKeyDown}>
      <div class="viewer__stage" onClick={({ target, currentTarget }) => target === currentTarget && dialog.current?.close()}>
        <Picture desk={desk} file={file} small={false} key={file.id} />
      </div>
      <footer class="viewer__foot">
        <span class="files__name" id="viewer-name" dir="auto" title={file.name}>
          {file.name}
        </span>
        <span class="files__about">{aboutOf(file, ...(of.length > 1 ? [uploadStrings.position(at + 1, of.length)] : []))}</span>
        {of.length > 1 && (
          <>
            <button class="tool viewer__before" type="button" aria-label={uploadStrings.before} disabled={at <= 0} onClick={() => desk.step(-1)}>
              <Icon sign="back" />
            </button>
            <button
              class="tool viewer__after"
              type="button"
              aria-label={uploadStrings.after}
              disabled={at >= of.length - 1}
              onClick={() => desk.step(1)}
            >
              <Icon sign="back" />
            </button>
          </>
        )}
        <button class="tool" type="button" aria-label={uploadStrings.download(file.name)} onClick={() => void save(desk, file)}>
          <Icon sign="download" />
        </button>
        <button class="tool" type="button" aria-label={strings.close} onClick={() => dialog.current?.close()}>
          <Icon sign="close" />
        </button>
      </footer>
    </dialog>
  );
}

/** By the browser's own saving: however large it is, it does not come through the page. */
async function save(desk: FilesDesk, file: FileOfMessage): Promise<void> {
  const address = await desk.address(file);
  if (address === null) return;
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
}
