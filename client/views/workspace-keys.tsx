import { useEffect } from "preact/hooks";
import type { ApiKey } from "../../server/protocol/api-keys.ts";
import { relativeOf } from "../lib/dates.ts";
import { endOf } from "../lib/moments.ts";
import { keysStrings } from "../lib/workspace-keys-strings.ts";
import type { App } from "../models/app.ts";
import { perApp } from "../models/per-app.ts";
import { createKeys, isAlive } from "../models/workspace-keys.ts";
import { confirmed } from "./confirm.tsx";
import { openDialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { keepFocus } from "./kept-focus.ts";
import { nameOf } from "./names.ts";
import { NewKeyDialog, RotateDialog, ShownKeyDialog } from "./workspace-key-dialogs.tsx";
import { Choose, Intro, Listing, Row, Tag } from "./workspace-parts.tsx";
import { Docs } from "./workspace-webhook-parts.tsx";

const keysOf = perApp((api) => createKeys(api, Date.now));

export function Keys({ app }: { app: App }) {
  const keys = keysOf(app);
  const shown = keys.shown.value;
  useEffect(() => void keys.find("in_use"), []);
  return (
    <>
      <Intro words={<Docs words={keysStrings.intro} link={keysStrings.docs} />}>
        <button class="button" data-kind="main" type="button" onClick={() => openDialog("new-key")}>
          <Icon sign="plus" />
          {keysStrings.make}
        </button>
        <Choose
          name="which"
          label={keysStrings.which}
          isBare
          options={[
            { value: "in_use", words: keysStrings.in_use },
            { value: "all", words: keysStrings.all },
          ]}
          onChoose={(value) => void keys.find(value === "all" ? "all" : "in_use")}
        />
      </Intro>
      <Listing pages={keys.pages} label={keysStrings.list} none={keysStrings.none}>
        {(key) => <KeyRow key={key.id} app={app} of={key} />}
      </Listing>
      <NewKeyDialog app={app} keys={keys} />
      <RotateDialog app={app} keys={keys} />
      {shown && <ShownKeyDialog app={app} keys={keys} shown={shown} />}
    </>
  );
}

function KeyRow({ app, of: key }: { app: App; of: ApiKey }) {
  const keys = keysOf(app);
  const { name, prefix, scope, impersonate, created_by, created_at, last_used_at, expires_at, revoked_at } = key;
  const now = Date.now();
  const isInUse = isAlive(key, now);
  const isTheirs = !impersonate || app.account.me.value?.role === "owner"; // to give, and so to give anew
  const made = relativeOf(created_at, now);
  const revoke = async (): Promise<void> => {
    if (await confirmed(keysStrings.revoke_question(name), keysStrings.revoke)) await app.attempt(() => keys.revoke(key));
    keepFocus(null);
  };
  return (
    <Row
      title={name}
      quiet={!isInUse}
      tags={
        <>
          <Tag>{keysStrings.scopes[scope]}</Tag>
          {impersonate && <Tag kind="warn">{keysStrings.impersonates}</Tag>}
          {!isInUse && <Tag kind="bad">{revoked_at === undefined ? keysStrings.expired : keysStrings.revoked}</Tag>}
        </>
      }
      facts={[
        <code key="prefix">{prefix}…</code>,
        created_by === undefined ? keysStrings.made(made) : keysStrings.made_by(made, nameOf(app, created_by)),
        last_used_at === undefined ? keysStrings.unused : keysStrings.used(relativeOf(last_used_at, now)),
        isInUse && (expires_at === undefined ? keysStrings.endless : keysStrings.ends(endOf(expires_at, now))),
      ]}
      deeds={
        isInUse && (
          <>
            {isTheirs && (
              <button
                class="button"
                type="button"
                aria-label={keysStrings.rotate_of(name)}
                onClick={() => (keys.turn(key), openDialog("rotate-key"))}
              >
                {keysStrings.rotate}
              </button>
            )}
            <button class="button" data-kind="danger" type="button" aria-label={keysStrings.revoke_of(name)} onClick={() => void revoke()}>
              {keysStrings.revoke}
            </button>
          </>
        )
      }
    />
  );
}
