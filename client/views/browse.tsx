import "../styles/browse.css";
import { useEffect } from "preact/hooks";
import type { Room } from "../../server/protocol.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Archived } from "./browse-archived.tsx";
import { openDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { PageHead } from "./page-head.tsx";
import { Skeleton } from "./skeleton.tsx";

export function Browse({ app }: { app: App }) {
  const all = app.directory.channels.value;
  const mine = app.rooms.rooms.value;
  const listed = app.directory.found_channels.value.map((channel): Room => mine.get(channel.id) ?? channel); // of one's own, as they are now
  const found = listed.filter(({ archived_at }) => archived_at === undefined);
  const archived = [
    ...[...mine.values()].filter(({ type, archived_at }) => type === "channel" && archived_at !== undefined),
    ...listed.filter(({ id, archived_at }) => archived_at !== undefined && !mine.has(id)),
  ];
  useEffect(() => {
    app.directory.seekChannels("");
    void app.attempt(app.directory.findChannels);
  }, []);
  return (
    <section class="browse" aria-label={strings.browse}>
      <PageHead app={app} title={strings.browse} />
      <div class="browse__scroll">
        <p class="quiet">{strings.browse_hint}</p>
        <div class="browse__tools">
          <input
            class="field__input"
            type="search"
            aria-label={strings.browse_find}
            placeholder={strings.browse_find}
            onInput={({ currentTarget }) => app.directory.seekChannels(currentTarget.value)}
          />
          <button class="button" type="button" onClick={() => openDialog("new-channel")}>
            <Icon sign="plus" />
            {strings.new_channel}
          </button>
        </div>
        {all === null ? (
          <Skeleton of="list" />
        ) : (
          found.length === 0 && <p class="quiet">{all.length === 0 ? strings.browse_none : strings.browse_nothing}</p>
        )}
        <ul class="browse__list">
          {found.map((channel) => (
            <Channel key={channel.id} app={app} channel={channel} />
          ))}
        </ul>
        <Archived app={app} channels={archived} />
      </div>
    </section>
  );
}

function Channel({ app, channel: { id, name, description, member_count } }: { app: App; channel: Room }) {
  const mine = app.rooms.rooms.value.has(id);
  const deed = mine ? strings.open : strings.join;
  const open = (): Promise<void> =>
    app.attempt(async () => {
      if (!mine) await app.rooms.join(id);
      app.place.go(`/r/${id}`);
    });
  return (
    <li class="browse__row">
      <span class="browse__sign">
        <Icon sign="hash" />
      </span>
      <div class="browse__words">
        <p class="browse__line">
          <bdi class="browse__name">{name}</bdi>
          {mine && (
            <span class="browse__joined">
              <Icon sign="check" /> {strings.joined}
            </span>
          )}
        </p>
        <p class="browse__about">
          {strings.members_count(member_count)}
          {description !== "" && (
            <>
              {" · "}
              <bdi>{description}</bdi>
            </>
          )}
        </p>
      </div>
      <button
        class="button"
        type="button"
        data-kind={mine ? undefined : "main"}
        aria-label={strings.deed_of(deed, `#${name ?? ""}`)}
        onClick={() => void open()}
      >
        {deed}
      </button>
    </li>
  );
}
