import "../styles/sidebar.css";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { keysFor } from "../lib/shortcuts.ts";
import { personStrings } from "../lib/person-strings.ts";
import { strings } from "../lib/strings.ts";
import { workspaceNames } from "../lib/workspace-names.ts";
import type { App } from "../models/app.ts";
import type { MyRoom } from "../models/rooms.ts";
import type { Section as SectionName } from "../models/sidebar.ts";
import { Bell } from "./bell.tsx";
import { confirmed } from "./confirm.tsx";
import { openDialog } from "./dialog.tsx";
import { PresenceSign } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { keyboardOf } from "./keyboard.ts";
import { Item, Menu } from "./menu.tsx";
import { isUnread } from "./names.ts";
import { logoAt } from "./logo.ts";
import { Pills } from "./sidebar-pills.tsx";
import { Row } from "./sidebar-row.tsx";
import { StatusSign } from "./status-sign.tsx";
import { Skeleton } from "./skeleton.tsx";

export function Sidebar({ app }: { app: App }) {
  const screen = app.place.screen.value;
  const channels = app.sidebar.channels.value;
  const directs = app.sidebar.directs.value;
  const told = app.rooms.told.value;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [last = ""] = app.switcher.recent.peek();
    if (screen === "rooms") list.current?.querySelector<HTMLElement>(`[href="/r/${CSS.escape(last)}"]`)?.focus(); // back from a room, on a phone
  }, [screen]);
  return (
    <nav class="sidebar" aria-label={strings.rooms}>
      <header class="sidebar__head">
        <WorkspaceMenu app={app} />
        <Bell app={app} />
        <button class="sidebar__jump" type="button" aria-haspopup="dialog" onClick={() => openDialog("switcher")}>
          <Icon sign="search" />
          <span class="sidebar__jump-words">{strings.jump_to}</span>
          <kbd class="key">{keysFor("switcher", keyboardOf(app))}</kbd>
        </button>
      </header>
      <div
        class="sidebar__scroll"
        ref={list}
        onPointerEnter={() => app.sidebar.hold(true)}
        onPointerLeave={() => app.sidebar.hold(list.current?.contains(document.activeElement) ?? false)}
        onFocusIn={() => app.sidebar.hold(true)}
        onFocusOut={() => app.sidebar.hold(list.current?.matches(":hover") ?? false)}
        onKeyDown={moves}
      >
        <Section app={app} name="channels" title={strings.channels} rooms={channels} add={strings.new_channel} dialog="new-channel">
          {!told && <Skeleton of="rooms" />}
          {told && channels.length === 0 && (
            <>
              <p class="sidebar__none">{strings.rooms_none}</p>
              <button class="sidebar__room" type="button" data-row data-quiet="true" onClick={() => openDialog("new-channel")}>
                <span class="sidebar__sign">
                  <Icon sign="plus" />
                </span>
                <span class="sidebar__name">{strings.make_one}</span>
              </button>
            </>
          )}
          <button
            class="sidebar__room"
            type="button"
            data-row
            data-quiet="true"
            aria-current={screen === "browse" ? "page" : undefined}
            onClick={() => app.place.go("/browse")}
          >
            <span class="sidebar__sign">
              <Icon sign="compass" />
            </span>
            <span class="sidebar__name">{strings.browse}</span>
          </button>
        </Section>
        <Section app={app} name="directs" title={strings.direct_messages} rooms={directs} add={strings.new_message} dialog="new-direct">
          {told && directs.length === 0 && (
            <button class="sidebar__room" type="button" data-row data-quiet="true" onClick={() => openDialog("new-direct")}>
              <span class="sidebar__sign">
                <Icon sign="message" />
              </span>
              <span class="sidebar__name">{strings.no_directs}</span>
            </button>
          )}
        </Section>
      </div>
      <Pills list={list} />
    </nav>
  );
}

function WorkspaceMenu({ app }: { app: App }) {
  const me = app.account.me.value;
  const unsent = app.outbox.pending.value.length;
  const signOut = async (): Promise<void> => {
    if (unsent === 0 || (await confirmed(strings.sign_out_unsent(unsent), strings.sign_out))) await app.signOut();
  };
  if (!me) return <div class="sidebar__menu" aria-hidden="true" />; // its height, so that nothing below it moves when it comes
  const button = (
    <>
      <span class="sidebar__workspace">
        {me.logo_id && <img class="sidebar__logo" src={logoAt(me.logo_id)} alt="" />}
        <bdi class="sidebar__workspace-name">{me.workspace}</bdi>
        <Icon sign="unfold" />
      </span>
      <span class="sidebar__me">
        <PresenceSign app={app} user_id={me.id} quiet />
        <bdi class="sidebar__my-name">{me.display_name}</bdi>
        <StatusSign user={app.people.users.value.get(me.id)} />
        {app.quiet.is_quiet.value && (
          <span class="sidebar__quiet" title={personStrings.paused}>
            <Icon sign="moon" />
            <span class="hidden">{personStrings.paused}</span>
          </span>
        )}
      </span>
    </>
  );
  return (
    <>
      <h1 class="hidden">{me.workspace}</h1>
      <Menu app={app} id="workspace-menu" kind="sidebar__menu" label={strings.workspace_menu(me.workspace)} button={button}>
        {me.role !== "member" && <Item sign="invite" words={strings.invite_people} onChoose={() => openDialog("invite")} />}
        {me.role !== "member" && <Item sign="people" words={workspaceNames.manage} onChoose={() => app.place.go("/workspace")} />}
        <Item sign="bookmark" words={strings.saved_messages} onChoose={() => app.place.go("/saved")} />
        <Item sign="smile" words={personStrings.set_status} onChoose={() => openDialog("status")} />
        <Item sign="moon" words={personStrings.pause} onChoose={() => openDialog("pause")} />
        <Item sign="settings" words={strings.settings} onChoose={() => app.place.go("/me")} />
        <Item sign="keyboard" words={strings.keyboard} keys={keysFor("help", keyboardOf(app))} onChoose={() => openDialog("help")} />
        <hr class="menu__line" />
        <Item sign="leave" words={strings.sign_out} onChoose={() => void signOut()} />
      </Menu>
    </>
  );
}

type SectionProps = {
  app: App;
  name: SectionName;
  title: string;
  rooms: readonly MyRoom[];
  add: string;
  dialog: string;
  children: ComponentChildren;
};

/** A folded section still shows the room one is in and those with something unread. */
function Section({ app, name, title, rooms, add, dialog, children }: SectionProps) {
  const folded = app.sidebar.folded.value.includes(name);
  const open = app.place.room_id.value;
  const shown = folded ? rooms.filter((room) => isUnread(room) || room.id === open) : rooms;
  return (
    <section class="sidebar__section">
      <header class="sidebar__section-head">
        <h2 class="sidebar__title">
          <button class="sidebar__fold" type="button" aria-expanded={!folded} onClick={() => app.sidebar.fold(name)}>
            <Icon sign="unfold" />
            {title}
          </button>
        </h2>
        <button class="tool" type="button" aria-label={add} title={add} aria-haspopup="dialog" onClick={() => openDialog(dialog)}>
          <Icon sign="plus" />
        </button>
      </header>
      <ul class="sidebar__list">
        {shown.map((room) => (
          <Row key={room.id} app={app} room={room} />
        ))}
        {!folded && children && <li>{children}</li>}
      </ul>
    </section>
  );
}

/** Arrows go from row to row, over the borders of sections. */
function moves(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const to = { ArrowDown: Math.min(at + 1, rows.length - 1), ArrowUp: Math.max(at - 1, 0), Home: 0, End: rows.length - 1 }[event.key];
  if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  rows[to]?.focus();
}
