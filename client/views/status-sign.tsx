import "../styles/status-sign.css";
import type { User } from "../../server/protocol.ts";

const SAYS_ONLY_WORDS = "💬";

/** The emoji of somebody's status beside their name; its words are its name. Nothing where there is none. */
export function StatusSign({ user }: { user: Pick<User, "status"> | undefined }) {
  const status = user?.status;
  if (!status) return null;
  const { emoji = SAYS_ONLY_WORDS, text = emoji } = status;
  return (
    <span class="status-sign" role="img" aria-label={text} title={text}>
      {emoji}
    </span>
  );
}
