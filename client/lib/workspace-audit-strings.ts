/** The words of the audit log. */
import { inLanguage } from "./language.ts";

const actions = {
  "workspace.made": "Made the workspace",
  "workspace.handed_over": "Handed the workspace over",
  "config.changed": "Changed the settings",
  "user.registered": "Created their account",
  "user.changed": "Changed a member",
  "user.left": "Left the workspace",
  "user.erased": "Erased a member's personal data",
  "user.made": "Made a bot",
  "user.brought": "A key brought in a user",
  "user.impersonated": "A key acted for a person",
  "user.impersonation_refused": "A key was refused to act for a person",
  "password.changed": "Changed a password",
  "sign_in.made": "Signed in",
  "sign_in.ended": "Signed out a device",
  "sign_in.replayed": "A copied sign-in was ended",
  "sign_in.failing": "Wrong passwords, one after the other",
  "right.refused": "Was refused something",
  "invite.made": "Made an invitation",
  "invite.revoked": "Revoked an invitation",
  "api_key.made": "Made an API key",
  "api_key.rotated": "Rotated an API key",
  "api_key.revoked": "Revoked an API key",
  "webhook.made": "Made a webhook",
  "webhook.changed": "Changed a webhook",
  "webhook.removed": "Removed a webhook",
  "webhook.secret_rotated": "Gave a webhook a new secret",
  "webhook.disabled": "A webhook was switched off",
  "dead_letter.retried": "Retried something undelivered",
  "dead_letter.all_retried": "Retried everything undelivered",
  "dead_letter.discarded": "Deleted something undelivered",
  "message.removed": "Removed another's message",
  "member.removed": "Removed somebody from a room",
  "room.archived": "Archived a channel",
  "room.restored": "Restored a channel",
  "conversation.made": "A conversation was brought in",
  "tenant.made": "The operator made the workspace",
  "tenant.changed": "The operator changed the workspace",
  "tenant.closed": "The operator closed the workspace",
  "tenant.opened": "The operator opened the workspace",
};

const english = {
  intro: "Who did what in this workspace, newest first. Nothing here is ever changed, and no message is ever quoted.",
  list: "Entries",
  none: "Nothing yet.",
  none_of_these: "Nothing of the kind.",
  nobody: "Nobody signed in",
  key: "An API key",
  person: "By person",
  nobody_of_that_name: "Nobody of that name.",
  only_by: (name: string) => `Only what ${name} did`,
  everybody_again: (name: string) => `Show what everybody did, not only ${name}`,
  kind: "Kind",
  every_kind: "Every kind",
  kinds: {
    user: "Members",
    sign_in: "Signing in",
    password: "Passwords",
    invite: "Invitations",
    config: "Settings",
    workspace: "The workspace",
    api_key: "API keys",
    webhook: "Webhooks",
    dead_letter: "Undelivered",
    right: "Refusals",
    room: "Channels",
    message: "Removed messages",
    member: "Removed from rooms",
    tenant: "The operator",
  },
  /** To whom or what. */
  to: (target: string) => `To: ${target}`,
  /** In which room. */
  in_room: (room: string) => `In ${room}`,
  by_key: "By an API key",
  /** For what a newer server tells. */
  other: (action: string) => `Something else: ${action}`,
  details: {
    role: { owner: "Owner", admin: "Admin", member: "Member" },
    disabled: "Deactivated",
    banned: "Banned",
    no_picture: "Picture removed",
    messages: { keep: "Messages stayed", remove: "Messages removed" },
    gone: "Its address is gone",
  },
  actions,
};

export const auditStrings = inLanguage("workspaceAudit", english);

/** What somebody did, in words. */
export function actionWords(action: string): string {
  const actions: Readonly<Record<string, string>> = auditStrings.actions;
  return actions[action] ?? auditStrings.other(action);
}
