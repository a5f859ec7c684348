import { useEffect } from "preact/hooks";
import { dateOf, fullTimeOf, relativeOf } from "../lib/dates.ts";
import { strings } from "../lib/strings.ts";
import { membersStrings as words } from "../lib/workspace-members-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createWorkspaceMembers, type WorkspaceMembers } from "../models/workspace-members.ts";
import { ApiError } from "../lib/api-error.ts";
import { confirmed } from "./confirm.tsx";
import { openDialog } from "./dialog.tsx";
import { Face } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { Item, Menu } from "./menu.tsx";
import { EraseDialog } from "./workspace-erase.tsx";
import { Choose, Intro, Listing, Row, Tag } from "./workspace-parts.tsx";

const membersOf = perApp(createWorkspaceMembers);

type Member = NonNullable<WorkspaceMembers["meant"]["value"]>;
type Props = { app: App; members: WorkspaceMembers; member: Member };

export function Members({ app }: { app: App }) {
  const members = membersOf(app);
  const { role = "", state = "", q = "" } = members.query.value;
  useEffect(() => members.seek({}), []);
  const options = (every: string, names: Record<string, string>) => [
    { value: "", words: every },
    ...Object.entries(names).map(([value, name]) => ({ value, words: name })),
  ];
  return (
    <>
      <Intro words={words.intro}>
        <input
          class="field__input"
          type="search"
          aria-label={words.find}
          placeholder={words.find}
          defaultValue={q}
          onInput={({ currentTarget }) => members.seek({ q: currentTarget.value.trim() })}
        />
        <Choose
          isBare
          name="role"
          label={words.role}
          chosen={role}
          options={options(words.every_role, words.roles)}
          onChoose={(value) => members.seek({ role: value as Member["role"] })}
        />
        <Choose
          isBare
          name="state"
          label={words.state}
          chosen={state}
          options={options(words.every_state, words.states)}
          onChoose={(value) => members.seek({ state: value as "active" | "disabled" })}
        />
      </Intro>
      <Listing pages={members} label={words.list} none={words.none}>
        {(member) => <MemberRow key={member.id} app={app} members={members} member={member} />}
      </Listing>
      <EraseDialog app={app} members={members} />
    </>
  );
}

function MemberRow({ app, members, member }: Props) {
  const { id, username, display_name, avatar_id, role, kind, disabled_why, presence, last_seen_at, created_at } = member;
  const isMe = id === app.account.me.value?.id;
  const seen = presence === "active" ? words.here : presence === "away" ? words.away : null;
  return (
    <Row
      sign={<Face app={app} id={id} name={display_name} avatar_id={avatar_id} />}
      title={display_name}
      quiet={disabled_why !== undefined}
      tags={
        <>
          {isMe && <span class="quiet">({words.you})</span>}
          {role !== "member" && <Tag>{strings.roles[role]}</Tag>}
          {kind === "bot" && <Tag>{strings.bot}</Tag>}
          {disabled_why !== undefined && <Tag kind="bad">{words.why[disabled_why]}</Tag>}
        </>
      }
      facts={[
        username !== undefined && <bdi>@{username}</bdi>,
        seen ??
          (last_seen_at === undefined ? (
            words.never_seen
          ) : (
            <time dateTime={last_seen_at} title={fullTimeOf(last_seen_at)}>
              {strings.last_seen(relativeOf(last_seen_at, Date.now()))}
            </time>
          )),
        words.since(dateOf(created_at)),
      ]}
      deeds={!isMe && mayTouch(app, member) && <MemberMenu app={app} members={members} member={member} />}
    />
  );
}

/** Only an owner touches an owner, and who is erased is gone. */
const mayTouch = (app: App, { role }: Member): boolean => role !== "owner" || app.account.me.value?.role === "owner";

function MemberMenu({ app, members, member }: Props) {
  const { id, display_name: name, role, kind, disabled_why, avatar_id } = member;
  const me = app.account.me.value;
  const change = (to: Parameters<typeof members.patch>[1]): void =>
    void app.attempt(() => members.patch(id, to).catch(inOtherWords(app, words.last_owner)));
  const asked = async (question: string, deed: string, run: () => void): Promise<void> => {
    if (await confirmed(question, deed)) run();
  };
  const handOver = (): Promise<void> =>
    app.attempt(async () => {
      if (!(await confirmed(words.hand_over_question(name, me?.workspace ?? ""), words.hand_over_deed))) return;
      await members.handOver(id, me?.id ?? "").catch(inOtherWords(app, words.hand_over_conflict));
      await app.account.change({}); // one's own role is another now
      if (app.account.me.peek()?.role !== "owner") app.say(words.handed_over(name), "done");
    });
  const erase = (): void => {
    members.mean(member);
    openDialog("erase");
  };
  return (
    <Menu app={app} id={`member-${id}`} kind="tool" label={strings.actions_for(name)} button={<Icon sign="more" />}>
      {disabled_why === undefined && role === "member" && <Item sign="check" words={words.make_admin} onChoose={() => change({ role: "admin" })} />}
      {disabled_why === undefined && role !== "member" && (
        <Item sign="person" words={words.make_member} onChoose={() => change({ role: "member" })} />
      )}
      {me?.role === "owner" && role !== "owner" && kind === "person" && disabled_why === undefined && (
        <Item sign="people" words={words.hand_over} onChoose={() => void handOver()} />
      )}
      {(disabled_why === "deactivated" || disabled_why === "banned") && (
        <Item sign="check" words={words.let_in} onChoose={() => change({ disabled: false })} />
      )}
      {avatar_id !== undefined && <Item sign="smile" words={words.no_picture} onChoose={() => change({ avatar_id: null })} />}
      {disabled_why === undefined && (
        <Item
          sign="leave"
          danger
          words={words.deactivate}
          onChoose={() => void asked(words.deactivate_question(name), words.deactivate_deed, () => change({ disabled: true }))}
        />
      )}
      {(disabled_why === undefined || disabled_why === "deactivated") && (
        <Item
          sign="lock"
          danger
          words={words.ban}
          onChoose={() => void asked(words.ban_question(name), words.ban_deed, () => change({ banned: true }))}
        />
      )}
      <Item sign="close" danger words={disabled_why === "erased" ? words.erase_finish : words.erase} onChoose={erase} />
    </Menu>
  );
}

/** What `conflict` means here. */
const inOtherWords = (app: App, reason: string) => (fault: unknown) => {
  if (!(fault instanceof ApiError) || fault.code !== "conflict") throw fault;
  app.say(reason);
};
