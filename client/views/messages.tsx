import "../styles/messages.css";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { dayOf } from "../lib/dates.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { type Line, linesOf } from "../models/lines.ts";
import type { MyRoom } from "../models/rooms.ts";
import type { Timeline } from "../models/timeline.ts";
import { PostRow } from "./message.tsx";
import { roomTitle } from "./names.ts";
import { keepReading, seenIn } from "./reading.ts";

type Props = { app: App; timeline: Timeline; room: MyRoom };

const SEEN_MS = 500;
const AHEAD_SCREENS = 1.5; // older rows are fetched before the reader is out of them

export function Messages({ app, timeline, room }: Props) {
  const state = timeline.state.value;
  if (state === "ready") return <List app={app} timeline={timeline} room={room} />;
  if (state === "loading") return <p class="messages messages__wait">{strings.loading}</p>;
  return (
    <div class="messages messages__wait">
      <p>{state === "failed" ? strings.failed : strings.unavailable}</p>
      <button class="button" type="button" onClick={() => timeline.retry()}>
        {strings.retry}
      </button>
    </div>
  );
}

function List({ app, timeline, room }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const reading = useRef(keepReading((at_end) => timeline.beAtEnd(at_end)));
  const stored = timeline.stored.value;
  const more_before = timeline.more_before.value;
  const new_after = timeline.new_after.value;
  const at_end = timeline.at_end.value;
  const all = app.outbox.pending.value;
  const role = app.account.me.value?.role ?? "member";
  const pending = all.filter((entry) => entry.room_id === room.id);
  const lines = linesOf({ stored, pending, new_after, more_before });
  const mayRun = room.me.role !== "member" || role !== "member";
  const isOpen = room.archived_at === undefined;
  const first = stored[0]?.seq;
  const last = stored.at(-1)?.seq;

  useLayoutEffect(() => reading.current.watch(place.current), []);
  useLayoutEffect(() => reading.current.drawn(pending.at(-1)?.client_id));
  useEffect(() => {
    const list = place.current;
    if (!list) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const look = (): void => {
      if (!document.hidden && document.hasFocus()) app.seen(room.id, seenIn(list));
    };
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, SEEN_MS);
    };
    soon();
    list.addEventListener("scroll", soon);
    addEventListener("focus", soon);
    return () => {
      clearTimeout(timer);
      list.removeEventListener("scroll", soon);
      removeEventListener("focus", soon);
    };
  }, [last, room.id]);
  const lookAhead = (): void => {
    const list = place.current;
    if (list && list.scrollTop < list.clientHeight * AHEAD_SCREENS) void timeline.older();
  };
  useEffect(lookAhead, [first]);

  return (
    <div class="messages">
      <div
        class="messages__scroll"
        id="messages"
        role="region"
        aria-label={strings.messages}
        tabIndex={0}
        ref={place}
        onScroll={lookAhead}
        onKeyDown={(event) => event.key === "Escape" && timeline.endNew()}
      >
        <p class="messages__beginning">{more_before ? strings.loading : stored.length === 0 ? strings.empty_room : beginningOf(app, room)}</p>
        <ol class="messages__list">
          {lines.map((line) =>
            line.kind === "post" ? (
              <PostRow
                key={line.key}
                app={app}
                message={line.post.message}
                entry={line.post.entry}
                grouped={line.grouped}
                mayRun={mayRun}
                isOpen={isOpen}
              />
            ) : (
              <Mark key={line.key} line={line} />
            ),
          )}
        </ol>
      </div>
      {!at_end && room.me.unread > 0 && (
        <button class="messages__newest button" type="button" onClick={() => reading.current.toEnd()}>
          {strings.newest(room.me.unread)}
        </button>
      )}
    </div>
  );
}

function Mark({ line }: { line: Exclude<Line, { kind: "post" }> }) {
  if (line.kind === "new") return <li class="messages__new">{strings.new_line}</li>;
  return <li class="messages__day">{dayOf(line.at, Date.now())}</li>;
}

function beginningOf(app: App, room: MyRoom): string {
  const title = roomTitle(app, room);
  return room.type === "channel" ? strings.beginning(title) : strings.beginning_with(title);
}
