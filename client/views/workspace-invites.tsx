import { useEffect } from "preact/hooks";
import type { Invite } from "../../server/protocol.ts";
import { dateOf, fullTimeOf, relativeOf } from "../lib/dates.ts";
import { copyText } from "../lib/clipboard.ts";
import { strings } from "../lib/strings.ts";
import { invitesStrings as words } from "../lib/workspace-invites-strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import { perApp } from "../models/per-app.ts";
import { createInvites, type InviteState, stateOf } from "../models/workspace-invites.ts";
import { confirmed } from "./confirm.tsx";
import { submit } from "./form.ts";
import { Late } from "./late.tsx";
import { Choose, Intro, Listing, Row, Tag } from "./workspace-parts.tsx";

const invitesOf = perApp(createInvites);
const drawing = createLater(() => import("./workspace-qr.tsx"));

const DAY_S = 86_400;
const DAYS = [1, 7, 30];
const TIMES = [1, 10, 100, 1_000];
type Props = { app: App; invites: ReturnType<typeof createInvites> };

export function Invites({ app }: { app: App }) {
  const invites = invitesOf(app);
  useEffect(() => {
    void invites.find(null);
    return invites.forget; // a code is on the screen once
  }, []);
  return (
    <>
      <Intro words={words.intro} />
      <MadeLink app={app} invites={invites} />
      <NewInvite app={app} invites={invites} />
      <Listing pages={invites} label={words.list} none={words.none}>
        {(invite) => <InviteRow key={invite.id} app={app} invites={invites} invite={invite} />}
      </Listing>
    </>
  );
}

function NewInvite({ app, invites }: Props) {
  const isOwner = app.account.me.value?.role === "owner";
  const make = (event: SubmitEvent) =>
    submit(event, async ({ role, days = "7", uses = "10" }) => {
      await invites.make({ role: role === "admin" ? "admin" : "member", expires_in_seconds: Number(days) * DAY_S, max_uses: Number(uses) });
      document.getElementById("made-link")?.focus();
    });
  const roles = isOwner ? (["member", "admin"] as const) : (["member"] as const); // only an owner invites admins
  return (
    <form class="desk__line-form" onSubmit={make}>
      <Choose name="role" label={words.role} chosen="member" options={roles.map((role) => ({ value: role, words: words.roles[role] }))} />
      <Choose name="days" label={words.expiry} chosen="7" options={DAYS.map((n) => ({ value: String(n), words: words.days(n) }))} />
      <Choose name="uses" label={words.uses} chosen="10" options={TIMES.map((n) => ({ value: String(n), words: words.times(n) }))} />
      <button class="button" data-kind="main" type="submit" id="make-invite">
        {words.make}
      </button>
      <p class="field__alert" role="alert" />
    </form>
  );
}

/** Shown once: nothing holds the code when it is gone. */
function MadeLink({ app, invites }: Props) {
  const made = invites.made.value;
  const isCopied = invites.copied.value;
  if (!made) return null;
  const address = `${location.origin}/join#${made.code}`;
  const copy = async (): Promise<void> => {
    await copyText(address);
    invites.wasCopied();
  };
  const done = (): void => {
    invites.forget();
    toTheMaking();
  };
  return (
    <section class="desk__shown" aria-labelledby="made-title">
      <h3 class="desk__subtitle" id="made-title">
        {words.link_title}
      </h3>
      <p class="quiet">{words.link_hint}</p>
      <div class="dialog__link">
        <input
          class="field__input"
          id="made-link"
          readOnly
          value={address}
          aria-label={words.link}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button class="button" data-kind="main" type="button" onClick={() => void app.attempt(copy)}>
          {isCopied ? strings.copied : strings.copy}
        </button>
      </div>
      <Late of={drawing}>{({ QrCode }) => <QrCode text={address} label={words.qr} />}</Late>
      <button class="button" type="button" onClick={done}>
        {words.done}
      </button>
    </section>
  );
}

function InviteRow({ app, invites, invite }: Props & { invite: Invite }) {
  const { role, used_count, max_uses, expires_at, created_at } = invite;
  const state = stateOf(invite, Date.now());
  const used = words.used(used_count, max_uses);
  const revoke = (): Promise<void> =>
    app.attempt(async () => {
      if (!(await confirmed(words.revoke_question, words.revoke))) return;
      await invites.revoke(invite, new Date().toISOString());
      toTheMaking();
    });
  return (
    <Row
      title={words.only_for(words.roles[role])}
      quiet={state !== "open"}
      tags={<Tag {...kinds[state]}>{words[state]}</Tag>}
      facts={[
        used,
        <time key="expires" dateTime={expires_at} title={fullTimeOf(expires_at)}>
          {Date.parse(expires_at) > Date.now() ? words.until(dateOf(expires_at)) : words.ended(dateOf(expires_at))}
        </time>,
        words.made(relativeOf(created_at, Date.now())),
      ]}
      deeds={
        state === "open" && (
          <button class="button" type="button" aria-label={words.revoke_of(used)} onClick={() => void revoke()}>
            {words.revoke}
          </button>
        )
      }
    />
  );
}

/** What had the focus has gone. */
const toTheMaking = (): void => document.getElementById("make-invite")?.focus();

const kinds: Record<InviteState, { kind?: "good" }> = { open: { kind: "good" }, revoked: {}, expired: {}, used_up: {} };
