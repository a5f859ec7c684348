import "../styles/messages.css";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { dayKeyOf, dayOf } from "../lib/dates.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import type { Timeline } from "../models/timeline.ts";
import { MessageRow, PendingRow } from "./message.tsx";
import { roomTitle } from "./names.ts";

type Props = { app: App; timeline: Timeline; room: MyRoom };

const NEAR_END_PX = 48;
const SEEN_MS = 500;

export function Messages({ app, timeline, room }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const held = useRef({ first: 0, last: 0, height: 0, top: 0, sticky: true, opened: false });
  const stored = timeline.stored.value;
  const state = timeline.state.value;
  const more = timeline.more_before.value;
  const new_after = timeline.new_after.value;
  const pending = app.outbox.pending.value.filter((entry) => entry.room_id === room.id);
  const first = stored[0]?.seq ?? 0;
  const last = stored.at(-1)?.seq ?? 0;

  useLayoutEffect(() => {
    const list = place.current;
    if (!list || state !== "ready") return;
    const before = held.current;
    const mark = before.opened ? null : list.querySelector(".messages__new");
    if (mark instanceof HTMLElement) list.scrollTop = mark.offsetTop - list.clientHeight / 3;
    else if (before.sticky || pending.some(({ at }) => Date.now() - at < 300)) list.scrollTop = list.scrollHeight;
    else if (first < before.first) list.scrollTop = before.top + (list.scrollHeight - before.height);
    const sticky = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    held.current = { first, last, height: list.scrollHeight, top: list.scrollTop, sticky, opened: true };
  }, [first, last, stored, pending.length, state]);

  useEffect(() => {
    const look = (): void => {
      if (document.hidden || !document.hasFocus() || !place.current) return;
      const seq = lowestSeen(place.current);
      if (seq > 0) app.seen(room.id, seq);
    };
    const timer = setTimeout(look, SEEN_MS);
    addEventListener("focus", look);
    return () => {
      clearTimeout(timer);
      removeEventListener("focus", look);
    };
  }, [last, state, room.id]);

  const onScroll = (): void => {
    const list = place.current;
    if (!list) return;
    const sticky = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    held.current = { ...held.current, sticky, top: list.scrollTop, height: list.scrollHeight };
    if (list.scrollTop < list.clientHeight * 1.5) void timeline.older();
    const seq = lowestSeen(list);
    if (seq > 0 && document.hasFocus()) app.seen(room.id, seq);
  };

  if (state === "loading") return <p class="messages messages__quiet">{strings.loading}</p>;
  if (state === "unavailable" || state === "failed") {
    return (
      <div class="messages messages__quiet">
        <p>{state === "failed" ? strings.failed : strings.unavailable}</p>
        <button class="button" type="button" onClick={() => void timeline.open()}>
          {strings.retry}
        </button>
      </div>
    );
  }
  return (
    <div class="messages" id="messages" role="region" aria-label={strings.messages} tabIndex={0} ref={place} onScroll={onScroll}>
      {!more && <p class="messages__beginning">{stored.length === 0 ? strings.empty_room : strings.beginning(roomTitle(app, room))}</p>}
      <ol class="messages__list">
        {stored.flatMap((message, i) => {
          const before = stored[i - 1];
          const day = !before || dayKeyOf(before.created_at) !== dayKeyOf(message.created_at);
          const fresh = new_after !== null && message.seq > new_after && (!before || before.seq <= new_after);
          const grouped =
            !day && !fresh && before?.sender_id === message.sender_id && Date.parse(message.created_at) - Date.parse(before.created_at) < 300_000;
          return [
            day && (
              <li class="messages__day" key={`day ${message.seq}`}>
                {dayOf(message.created_at, Date.now())}
              </li>
            ),
            fresh && (
              <li class="messages__new" key="new">
                {strings.new_line}
              </li>
            ),
            <MessageRow key={`${message.sender_id} ${message.client_id}`} app={app} message={message} grouped={grouped} />,
          ];
        })}
        {pending.map((entry) => (
          <PendingRow key={`${entry.user_id} ${entry.client_id}`} app={app} entry={entry} />
        ))}
      </ol>
    </div>
  );
}

/** The seq of the last row whose lower end is in view; 0 for none. */
function lowestSeen(list: HTMLElement): number {
  const bottom = list.getBoundingClientRect().bottom + 1;
  const rows = list.querySelectorAll<HTMLElement>("[data-seq]");
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    const row = rows[i];
    if (row && row.getBoundingClientRect().bottom <= bottom) return Number(row.dataset["seq"]);
  }
  return 0;
}
