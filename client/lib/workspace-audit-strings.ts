/** The words of the audit log. */
import { inLanguage } from "./language.ts";

const actions: Readonly<Record<string, string>> = {
  "workspace.made": "Made the workspace",
  "config.changed": "Changed the settings",
  "user.registered": "Created their account",
  "user.changed": "Changed a member",
  "user.brought": "A key brought in a user",
  "user.impersonated": "A key acted for a person",
  "password.changed": "Changed their password",
  "sign_in.made": "Signed in",
  "sign_in.ended": "Signed out a device",
  "sign_in.replayed": "A stolen sign-in was ended",
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
  "dead_letter.retried": "Retried an undelivered message",
  "dead_letter.all_retried": "Retried everything undelivered",
  "dead_letter.discarded": "Deleted an undelivered message",
  "conversation.made": "A key made a conversation",
  "tenant.made": "The operator made the workspace",
  "tenant.changed": "The operator changed the workspace",
  "tenant.closed": "The operator closed the workspace",
  "tenant.opened": "The operator opened the workspace",
};

const english = {
  intro: "Who did what in this workspace, newest first. Nothing here is ever changed, and no message is ever quoted.",
  list: "Entries",
  none: "Nothing yet.",
  nobody: "Nobody signed in",
  key: "An API key",
  /** For what a newer server tells. */
  other: (action: string) => `Something else: ${action}`,
  actions,
};

export const auditStrings = inLanguage(english);
