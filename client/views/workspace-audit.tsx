import { useEffect, useRef } from "preact/hooks";
import type { AuditEntry } from "../../server/protocol/audit.ts";
import { ApiError } from "../lib/api-error.ts";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { actionWords, auditStrings as words } from "../lib/workspace-audit-strings.ts";
import type { App } from "../models/app.ts";
import { createAudit } from "../models/audit.ts";
import { perApp } from "../models/per-app.ts";
import { titleFor } from "../models/room-names.ts";
import { submit } from "./form.ts";
import { Icon } from "./icon.tsx";
import { nameOf } from "./names.ts";
import { Choose, Intro, Listing, Row } from "./workspace-parts.tsx";

const auditOf = perApp(createAudit);

type Props = { app: App; audit: ReturnType<typeof createAudit> };

export function Audit({ app }: { app: App }) {
  const audit = auditOf(app);
  const entries = audit.items.value;
  const { actor_id, action = "" } = audit.query.value;
  useEffect(() => audit.seek({}), []);
  useEffect(() => {
    const unmet = (entries ?? []).flatMap(peopleOf).filter((id) => !app.people.users.peek().has(id));
    void audit.named(unmet).then(app.people.meet, ignored);
  }, [entries]);
  return (
    <>
      <Intro words={words.intro}>
        <ByPerson app={app} audit={audit} />
        <Choose
          isBare
          name="kind"
          label={words.kind}
          chosen={action}
          options={[{ value: "", words: words.every_kind }, ...Object.entries(words.kinds).map(([value, name]) => ({ value, words: name }))]}
          onChoose={(value) => audit.seek({ action: value })}
        />
      </Intro>
      <Listing pages={audit} label={words.list} none={actor_id === undefined && action === "" ? words.none : words.none_of_these}>
        {(entry) => <Entry key={entry.id} app={app} entry={entry} />}
      </Listing>
    </>
  );
}

/** A name leads to the first of that name; what stands there then is taken out again by a button. */
function ByPerson({ app, audit }: Props) {
  const { actor_id } = audit.query.value;
  const place = useRef<HTMLElement | null>(null);
  const shown = useRef(actor_id);
  useEffect(() => {
    if (shown.current !== actor_id) place.current?.focus(); // what had the focus has made room for this
    shown.current = actor_id;
  }, [actor_id]);
  const here = (one: HTMLElement | null): void => {
    if (one) place.current = one;
  };
  if (actor_id !== undefined) {
    const name = nameOf(app, actor_id);
    return (
      <button class="button" type="button" ref={here} aria-label={words.everybody_again(name)} onClick={() => audit.seek({ actor_id: "" })}>
        <bdi>{words.only_by(name)}</bdi>
        <Icon sign="close" />
      </button>
    );
  }
  const find = (event: SubmitEvent) =>
    submit(
      event,
      async ({ person = "" }) => {
        if (person.trim() === "") return;
        const found = await audit.called(person.trim());
        if (!found) throw new ApiError({ code: "not_found", retry: false, fields: ["person"] });
        app.people.meet([found]);
        audit.seek({ actor_id: found.id });
      },
      { person: words.nobody_of_that_name },
    );
  return (
    <form class="desk__choose" onSubmit={find}>
      <input class="field__input" type="search" ref={here} name="person" aria-label={words.person} placeholder={words.person} enterkeyhint="search" />
      <p class="field__alert" role="alert" />
    </form>
  );
}

function Entry({ app, entry: { at, actor_id, action, target_id, detail } }: { app: App; entry: AuditEntry }) {
  const room = typeof detail["room_id"] === "string" && app.rooms.rooms.value.get(detail["room_id"]); // others' rooms have no names here
  const isOfPeople = target_id !== undefined && target_id !== actor_id && names(action);
  return (
    <Row
      title={actionWords(action)}
      facts={[
        <bdi key="actor">{actorName(app, actor_id)}</bdi>,
        isOfPeople && <bdi key="target">{words.to(nameOf(app, target_id))}</bdi>,
        ...factsOf(action, detail),
        room && <bdi key="room">{words.in_room(titleFor(app, room))}</bdi>,
        "key_id" in detail && words.by_key,
        <time key="at" dateTime={at} title={fullTimeOf(at)}>
          {relativeOf(at, Date.now())}
        </time>,
      ]}
    />
  );
}

/** What it did to whom, in words; what has none is for programs. */
function factsOf(action: string, { role, disabled, banned, picture, messages, reason }: AuditEntry["detail"]): (string | false)[] {
  const { details } = words;
  const roles: Record<string, string> = details.role;
  const fates: Record<string, string> = details.messages;
  const told = typeof role === "string" && (roles[role] ?? false);
  const standing = action === "user.changed" && (banned === true ? details.banned : disabled === true && details.disabled);
  return [
    told,
    standing,
    picture === false && details.no_picture,
    typeof messages === "string" && (fates[messages] ?? false),
    reason === "gone" && details.gone,
  ];
}

/** Whether what stands as the target is a user's id. */
const names = (action: string): boolean => /^user\.|^password\.|^message\.|^member\.|^workspace\.handed_over$|^sign_in\.failing$/u.test(action);
const isPerson = (actor_id: string | null): actor_id is string => actor_id !== null && !actor_id.startsWith("key/");
const peopleOf = ({ actor_id, target_id, action }: AuditEntry): string[] => [
  ...(isPerson(actor_id) ? [actor_id] : []),
  ...(target_id !== undefined && names(action) ? [target_id] : []),
];

function actorName(app: App, actor_id: string | null): string {
  if (actor_id === null) return words.nobody;
  return isPerson(actor_id) ? nameOf(app, actor_id) : words.key;
}

/** Who could not be named is somebody without a name. */
const ignored = (fault: unknown): void => {
  if (!(fault instanceof ApiError)) throw fault;
};
