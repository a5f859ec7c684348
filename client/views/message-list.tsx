import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { createSeen } from "../lib/seen.ts";
import { dayOf, fullTimeOf } from "../lib/dates.ts";
import { storePlace } from "../lib/places.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { type Line, linesOf } from "../models/lines.ts";
import type { MyRoom } from "../models/rooms.ts";
import type { Timeline } from "../models/timeline.ts";
import { Beginning } from "./beginning.tsx";
import { Icon } from "./icon.tsx";
import { PostRow } from "./message.tsx";
import { nameOf } from "./names.ts";
import { isOfThread } from "../models/threads.ts";
import { keepReading, type Reading, seqsInView } from "./reading.ts";
import { rove } from "./roving.ts";
import { SeenBy } from "./seen-by.tsx";

type Props = { app: App; timeline: Timeline; room: MyRoom };

export function MessageList({ app, timeline, room }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const reading = useRef<Reading | null>(null);
  const stored = timeline.stored.value;
  const more_before = timeline.more_before.value;
  const more_after = timeline.more_after.value;
  const new_after = timeline.new_after.value;
  const opening = timeline.opening.value;
  const marked = timeline.marked.value;
  const isLoading = timeline.loading_older.value || timeline.loading_newer.value;
  const pointed = app.acts.pointed.value;
  const menu = app.acts.menu.value?.message?.id;
  const editing = app.acts.editing.value;
  const threaded = app.threads.shown.value; // its rows are edited there
  const all = app.outbox.pending.value;
  const pending = useMemo(() => all.filter((entry) => entry.room_id === room.id), [all, room.id]);
  const moves = app.moves.part.value?.it;
  const moved = moves?.model.members.value.get(room.id);
  const me = app.account.me.value;
  const receipts = app.receipts.part.value?.it;
  const read = receipts?.rooms.value.get(room.id);
  const isOpen = app.reach.state.value === "open";
  const lines = useMemo(() => {
    const drawn = linesOf({ stored, pending, new_after, more_before, more_after });
    const all = moves ? moves.withMoves(drawn, moved, room, { stored, more_before, more_after }) : drawn;
    return receipts && !more_after ? receipts.withSeen(all, read, me?.id ?? "") : all;
  }, [stored, pending, new_after, more_before, more_after, moves, moved, receipts, read, me]);
  const own = pending.findLast((entry) => threaded === null || entry.reply_to !== threaded)?.client_id;

  reading.current ??= keepReading({
    moved({ end, place: at }) {
      timeline.beAtEnd(end);
      timeline.keepPlace(at);
    },
    near: (side) => void (side === "start" ? timeline.older() : timeline.newer()),
  });
  useLayoutEffect(() => reading.current?.watch(place.current), []);
  useLayoutEffect(() => reading.current?.drawn({ opening, isNewest: !more_after, own }), [lines, opening, more_after, own]);
  useEffect(() => {
    if (!isLoading) reading.current?.lookAhead();
  }, [isLoading]);
  useEffect(() => {
    if (own !== undefined && more_after) void timeline.newest();
  }, [own]);
  useEffect(() => {
    if (!me?.receipts || !isOpen) return;
    app.receipts.load();
    void receipts?.need(room.id);
  }, [room.id, me?.receipts, isOpen, receipts]);
  useEffect(() => {
    if (room.type === "dm") return;
    app.moves.load();
    moves?.model.need(room, { stored, more_before, more_after });
  }, [moves, stored[0], more_before, more_after]);
  useEffect(() => (place.current ? watchSeen(app, room.id, place.current) : undefined), [room.id]);
  useEffect(() => (place.current ? rove(place.current, app, timeline) : undefined), []);
  useEffect(() => {
    const me = app.account.me.value?.id ?? "";
    const keep = (): void => storePlace(me, room.id, timeline.place());
    addEventListener("pagehide", keep);
    return () => removeEventListener("pagehide", keep);
  }, [room.id]);

  return (
    <div class="messages">
      <div class="messages__scroll" id="messages" role="region" aria-label={strings.messages} tabIndex={-1} ref={place}>
        <div class="messages__content">
          {more_before ? (
            <p class="messages__loading">{strings.loading}</p>
          ) : (
            <Beginning app={app} room={room} isEmpty={stored.length + pending.length === 0} />
          )}
          <ol class="messages__list">
            {lines.map((line) =>
              line.kind === "post" ? (
                <PostRow
                  key={line.key}
                  rowKey={line.key}
                  app={app}
                  message={line.post.message}
                  entry={line.post.entry}
                  grouped={line.grouped}
                  editing={editing !== null && line.post.message?.id === editing && !isOfThread(line.post.message, threaded)}
                  pointed={pointed === line.key}
                  acted={menu !== undefined && line.post.message?.id === menu}
                  marked={marked !== null && line.post.message?.seq === marked}
                />
              ) : (
                <Mark key={line.key} app={app} line={line} room={room} />
              ),
            )}
          </ol>
        </div>
      </div>
      <Newest app={app} timeline={timeline} room={room} />
    </div>
  );
}

function Mark({ app, line, room }: { app: App; line: Exclude<Line, { kind: "post" }>; room: MyRoom }) {
  const today = app.today.value;
  if (line.kind === "new") return <li class="messages__new">{strings.new_line}</li>;
  if (line.kind === "moves") {
    return (
      <li class="messages__fold">
        <time dateTime={line.at} title={fullTimeOf(line.at)}>
          {line.says((ids) => ids.map((id) => nameOf(app, id)))}
        </time>
      </li>
    );
  }
  if (line.kind === "seen") return <SeenBy app={app} by={line.by} room={room} />;
  if (line.kind === "gap") return <li class="messages__gap">{strings.loading}</li>;
  if (line.kind === "fold") {
    return (
      <li class="messages__fold message" data-seq={line.seq}>
        {strings.removed_count(line.count)}
      </li>
    );
  }
  return (
    <li class="messages__day">
      <button
        class="messages__date"
        type="button"
        tabIndex={-1}
        title={strings.go_to_day}
        aria-haspopup="dialog"
        onClick={() => app.acts.jump(line.at)}
      >
        <time dateTime={line.at}>{dayOf(line.at, today)}</time>
      </button>
    </li>
  );
}

/** Says what came below while the reader is elsewhere, and leads there. */
function Newest({ timeline, room }: Props) {
  const at_end = timeline.at_end.value;
  const more_after = timeline.more_after.value;
  const { unread, unread_mentions } = room.me;
  if (at_end || (unread === 0 && !more_after)) return null;
  const words = unread === 0 ? strings.newest : unread_mentions > 0 ? strings.new_for_you(unread_mentions) : strings.new_count(unread);
  return (
    <button class="messages__newest" type="button" onClick={() => void timeline.newest()}>
      <Icon sign="down" />
      {words}
    </button>
  );
}

/** Tells what was seen while the page is visible and has the focus. */
function watchSeen(app: App, room_id: string, list: HTMLElement): () => void {
  const later = (ms: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const seen = createSeen({ now: () => performance.now(), later, tell: (seq) => app.seen(room_id, seq) });
  let frame = 0;
  const look = (): void => {
    frame = 0;
    if (document.hidden || !document.hasFocus()) seen.away();
    else seen.look(seqsInView(list));
  };
  const soon = (): void => {
    if (frame === 0) frame = requestAnimationFrame(look);
  };
  const drawn = new MutationObserver(soon);
  drawn.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-seq"] });
  const sizes = new ResizeObserver(soon); // a window grows, a phone's keyboard goes: more comes into view, and nothing scrolls
  sizes.observe(list);
  soon();
  list.addEventListener("scroll", soon, { passive: true });
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("blur", look);
  return () => {
    cancelAnimationFrame(frame);
    seen.away();
    drawn.disconnect();
    sizes.disconnect();
    list.removeEventListener("scroll", soon);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("focus", look);
    removeEventListener("blur", look);
  };
}
