/** Orders on their way: sent under an id of their own, kept until the system answers, and sent again if it does not. */

import { Refused, ask, send } from "../api";
import type { Line } from "../model";
import type { Both } from "../texts";

export interface Order {
  readonly command: string;
  readonly space: string;
  readonly alert: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Outcome =
  | { readonly state: "sending" }
  /** The network or the server was not there: it is kept, and sent again. */
  | { readonly state: "kept" }
  | { readonly state: "done"; readonly line: Line }
  | { readonly state: "refused"; readonly reason: Both | null; readonly status: number };

const KEPT = "ioc.orders";
const AGAIN = 5_000;
/** Times that a command which was taken is asked after. */
const ASKED = 30;

export class Orders {
  readonly outcomes = new Map<string, Outcome>();
  #kept: Order[] = [];

  constructor(private readonly changed: () => void) {
    try {
      this.#kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]") as Order[];
    } catch {
      this.#kept = [];
    }
    for (const order of this.#kept) this.outcomes.set(order.alert, { state: "kept" });
    window.setInterval(() => void this.#again(), AGAIN);
    window.addEventListener("online", () => void this.#again());
    void this.#again();
  }

  /** Orders that wait for the network. */
  get waiting(): number {
    return this.#kept.length;
  }

  async give(space: string, alert: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#send({ command: crypto.randomUUID(), space, alert, body });
  }

  async #again(): Promise<void> {
    for (const order of [...this.#kept]) await this.#send(order);
  }

  async #send(order: Order): Promise<void> {
    this.#set(order, { state: "sending" });
    try {
      const path = `alerts/${order.alert}/commands?space=${encodeURIComponent(order.space)}`;
      const answer = await send<Line | { command: string }>("POST", path, { ...order.body, command: order.command });
      const line = "alert_id" in answer ? answer : await this.#wait(order);
      this.#forget(order);
      this.#set(order, { state: "done", line });
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(0);
      if (refused.status === 0 || refused.status === 503 || refused.status === 202) {
        this.#keep(order);
        this.#set(order, { state: "kept" });
        return;
      }
      this.#forget(order);
      this.#set(order, { state: "refused", status: refused.status, reason: (refused.problem["reason"] as Both) ?? null });
    }
  }

  async #wait(order: Order): Promise<Line> {
    for (let n = 0; n < ASKED; n += 1) {
      await new Promise((done) => setTimeout(done, 1_000));
      const answer = await ask<Line | { command: string }>(`commands/${order.command}`, { space: order.space });
      if ("alert_id" in answer) return answer;
    }
    throw new Refused(202);
  }

  #set(order: Order, outcome: Outcome): void {
    this.outcomes.set(order.alert, outcome);
    this.changed();
  }

  #keep(order: Order): void {
    if (!this.#kept.some(({ command }) => command === order.command)) this.#kept.push(order);
    localStorage.setItem(KEPT, JSON.stringify(this.#kept));
  }

  #forget(order: Order): void {
    this.#kept = this.#kept.filter(({ command }) => command !== order.command);
    localStorage.setItem(KEPT, JSON.stringify(this.#kept));
  }
}
