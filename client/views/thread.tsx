import "../styles/thread.css";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Message } from "../../server/protocol.ts";
import { dayOf } from "../lib/dates.ts";
import { strings } from "../lib/strings.ts";
import { words } from "../lib/thread-words.ts";
import type { App } from "../models/app.ts";
import { linesOf } from "../models/lines.ts";
import type { MyRoom } from "../models/rooms.ts";
import { type Thread, ThreadModel } from "../models/thread.ts";
import { Composer } from "./composer.tsx";
import { Icon } from "./icon.tsx";
import { PostRow } from "./message.tsx";
import { mayPostIn, roomTitle } from "./names.ts";
import { NoPosting } from "./no-posting.tsx";
import { keepReading, type Reading } from "./reading.ts";
import { rove } from "./roving.ts";
import { Skeleton } from "./skeleton.tsx";
import { focusComposer } from "./writing.ts";

type Props = { app: App; room: MyRoom };

/** Takes the focus when it opens, and gives it back. */
export function ThreadPane({ app, room }: Props) {
  const before = useMemo(() => document.activeElement, []); // the composer takes the focus before any effect of ours
  useEffect(() => {
    if (!document.activeElement?.closest("#thread")) document.getElementById("thread")?.focus();
    return () => {
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
      else focusComposer();
    };
  }, []);
  return (
    <>
      <header class="details__head">
        <h2 class="details__heading">
          {strings.thread} <bdi class="details__note">{roomTitle(app, room)}</bdi>
        </h2>
        <button class="tool" type="button" aria-label={strings.close} onClick={() => app.threads.close()}>
          <Icon sign="close" />
        </button>
      </header>
      <ThreadView app={app} room={room} />
    </>
  );
}

function ThreadView({ app, room }: Props) {
  const opened = app.threads.open.value;
  const thread = useMemo(() => opened && app.threads.begin((parts) => new ThreadModel(parts), opened), [opened]);
  const completion = useMemo(() => app.completionFor(), []);
  if (!thread) return null;
  const state = thread.state.value;
  const root = thread.root.value;
  if (state === "unavailable" || state === "failed") {
    return (
      <div class="messages messages__wait">
        <p>{state === "failed" ? strings.failed : strings.unavailable_message}</p>
        {state === "failed" && (
          <button class="button" type="button" onClick={() => thread.retry()}>
            {strings.retry}
          </button>
        )}
      </div>
    );
  }
  if (!root) return <Skeleton of="messages" />;
  return (
    <>
      <Replies app={app} room={room} thread={thread} root={root} />
      {mayPostIn(app, room) ? (
        <Composer key={root.id} app={app} room_id={room.id} title={roomTitle(app, room)} thread={{ id: root.id, completion }} />
      ) : (
        <NoPosting room={room} />
      )}
    </>
  );
}

function Replies({ app, room, thread, root }: Props & { thread: Thread; root: Message }) {
  const place = useRef<HTMLDivElement>(null);
  const reading = useRef<Reading | null>(null);
  const stored = thread.stored.value;
  const more_before = thread.more_before.value;
  const isLoading = thread.loading_older.value;
  const isReady = thread.state.value === "ready";
  const opening = thread.opening.value;
  const pointed = app.acts.pointed.value;
  const menu = app.acts.menu.value?.message?.id;
  const editing = app.acts.editing.value;
  const today = app.today.value;
  const all = app.outbox.pending.value;
  const pending = useMemo(() => all.filter((entry) => entry.room_id === room.id && entry.reply_to === root.id), [all, room.id, root.id]);
  const lines = useMemo(
    () => linesOf({ stored: stored.map(alone), pending: pending.map(alone), new_after: null, more_before, more_after: false }),
    [stored, pending, more_before],
  );
  const own = pending.at(-1)?.client_id;
  const count = root.replies?.count ?? 0;

  reading.current ??= keepReading({ moved() {}, near: (side) => void (side === "start" && thread.older()) });
  useLayoutEffect(() => reading.current?.watch(place.current), []);
  useLayoutEffect(() => reading.current?.drawn({ opening, isNewest: true, own }), [lines, opening, own, root]);
  useEffect(() => {
    if (!isLoading) reading.current?.lookAhead();
  }, [isLoading]);
  useEffect(() => (place.current ? rove(place.current, app, thread.roved, true) : undefined), [thread]);

  const row = (message: Message | undefined, key: string) => ({
    rowKey: key,
    app,
    message,
    editing: editing !== null && message?.id === editing,
    pointed: pointed === key,
    acted: menu !== undefined && message?.id === menu,
    marked: false,
    threaded: true,
  });
  const byId = new Map(stored.map((message) => [message.id, message]));
  return (
    <div class="messages">
      <div class="messages__scroll" role="region" aria-label={words.replies_region} tabIndex={-1} ref={place}>
        <div class="thread">
          <ol class="messages__list">
            <PostRow key="root" {...row(root, "thread root")} entry={undefined} grouped={false} />
            <li class="thread__count">{isReady ? words.count(count) : strings.loading}</li>
            {more_before && <li class="messages__loading">{strings.loading}</li>}
            {lines.map((line) => {
              const key = `thread ${line.key}`;
              if (line.kind === "post") {
                const message = line.post.message && byId.get(line.post.message.id);
                return <PostRow key={key} {...row(message, key)} entry={line.post.entry} grouped={line.grouped} />;
              }
              if (line.kind === "fold") {
                return (
                  <li class="messages__fold message" data-seq={line.seq} key={key}>
                    {strings.removed_count(line.count)}
                  </li>
                );
              }
              return (
                line.kind === "day" && (
                  <li class="thread__day" key={key}>
                    <time dateTime={line.at}>{dayOf(line.at, today)}</time>
                  </li>
                )
              );
            })}
          </ol>
        </div>
      </div>
    </div>
  );
}

/** All here answer one message: none stands apart from the one before it for that. */
const alone = <T extends { reply_to?: string | null }>(post: T): T => ({ ...post, reply_to: null });
