/** People on a real server, for each runtime three of their own. */
import type { Given, Someone } from "../../client/sdk/sentence-stage.cast.ts";

const PASSWORD = "correct horse sentences";

type Tokens = { access_token: string; user: { id: string } };

/** Sets the server up, and gives what lets three people in. `setup` is the link that it printed. */
export async function openStage(url: string, setup: string): Promise<(runtime: string) => Promise<Given>> {
  const ask = async <T>(path: string, body: object, token = ""): Promise<T> => {
    const headers = { "content-type": "application/json", ...(token !== "" && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T; // what the server's own schemas made
  };
  const signIn = (username: string): Promise<Tokens> => ask("/auth/login", { username, password: PASSWORD });
  await ask("/setup", { setup_token: setup.split("#")[1], workspace: "Harbour", username: "owner", password: PASSWORD });
  const { access_token } = await signIn("owner");
  const { code } = await ask<{ code: string }>("/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 100 }, access_token);

  const { key } = await ask<{ key: string }>("/admin/api-keys", { name: "shop", scope: "server" }, access_token);

  const comeIn = async (username: string): Promise<Someone> => {
    await ask("/auth/register", { username, password: PASSWORD, code });
    const tokens = await signIn(username);
    return { id: tokens.user.id, token: tokens.access_token };
  };
  return async (runtime) => {
    const [ann, bob, cy] = [await comeIn(`ann-${runtime}`), await comeIn(`bob-${runtime}`), await comeIn(`cy-${runtime}`)];
    return { url, ann, bob, cy, key };
  };
}
