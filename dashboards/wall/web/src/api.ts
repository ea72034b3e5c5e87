/** Asking the server, as whoever is signed in here; what it refuses is said in its own words. */

export type Role = "operator" | "shift_leader" | "agency" | "leader" | "viewer" | "engineer" | "screen";
export type Right =
  | "read" | "read_people" | "handle" | "answer" | "silence" | "ring" | "approve" | "direct" | "hand_over" | "audit" | "admit";

export interface Me {
  readonly name: string;
  readonly shown: string;
  readonly role: Role;
  readonly agency: string | null;
  readonly rights: readonly Right[];
  readonly csrf: string | null;
}

/** What the server said instead of doing it; status 0: it said nothing. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: { readonly detail?: string; readonly [more: string]: unknown } = {},
  ) {
    super(problem.detail ?? String(status));
  }
}

const PATIENCE = 10_000;
let csrf: string | null = null;

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Refused(0);
  }
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({})));
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export function ask<T>(path: string, query: Record<string, string> = {}): Promise<T> {
  const written = new URLSearchParams(query).toString();
  return call<T>(written ? `${path}?${written}` : path, {});
}

export function send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (csrf !== null) headers["X-CSRF-Token"] = csrf;
  return call<T>(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

export function remember(me: Me): Me {
  csrf = me.csrf;
  return me;
}

/** Who is signed in here; whoever is not is sent to sign in, and comes back. */
export async function whoAmI(): Promise<Me> {
  try {
    return remember(await ask<Me>("session"));
  } catch (refused) {
    if (refused instanceof Refused && refused.status === 401) toSignIn();
    throw refused;
  }
}

export function toSignIn(): void {
  if (location.pathname !== "/signin") location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.hash)}`);
}
