/** The page's one connection: hears what happens in all its spaces, and knows when it hears nothing. */

import type { Alert, Area, Fact, Snapshot, SpaceInfo, Words } from "./model";
import { ask, Refused, toSignIn } from "./api";
import { Space } from "./model";
import { type Both, learn } from "./texts";

/** Heartbeats missed before the connection is given up and made anew. */
const MISSED = 2.5;
const AGAIN = 2_000;

export class Live {
  readonly spaces = new Map<string, Space>();
  /** When the server was last heard with data at hand: on the page's clock (ms), and on its own (s). */
  heard: number | null = null;
  server = 0;
  /** Whether anything was ever answered. */
  answered = false;
  #stream: EventSource | null = null;
  #last = "";
  #opened = 0;
  #beat = 5;
  #again: number | undefined;
  #beginning = false;
  /** The server answers, but cannot see the data itself. */
  #blind = false;

  constructor(private readonly changed: () => void) {}

  /** Seconds since the server was last heard with data at hand. */
  get age(): number {
    return this.heard === null ? Infinity : (performance.now() - this.heard) / 1000;
  }

  get lost(): boolean {
    return this.heard !== null && (this.#blind || this.age > this.#beat * MISSED || this.#stream?.readyState !== EventSource.OPEN);
  }

  async start(): Promise<void> {
    window.setInterval(() => this.#watch(), 1000);
    await this.#begin();
  }

  /** Learn what spaces there are, then listen to all of them. */
  async #begin(): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    window.clearTimeout(this.#again);
    try {
      const infos = await ask<SpaceInfo[]>("spaces");
      learn(await ask<Record<string, Both>>("words"));
      this.answered = true;
      for (const name of this.spaces.keys()) {
        if (!infos.some((info) => info.space === name)) this.spaces.delete(name);
      }
      await Promise.all(infos.map((info) => this.#meet(info)));
      if (infos.length === 0) throw new Error("no spaces yet");
      this.#listen();
    } catch (error) {
      if (error instanceof Refused && error.status === 401) toSignIn();
      this.#again = window.setTimeout(() => void this.#begin(), AGAIN);
    } finally {
      this.#beginning = false;
    }
    this.changed();
  }

  async #meet(info: SpaceInfo): Promise<void> {
    const { features } = await ask<{ features: Area[] }>("areas", { space: info.space });
    const space = this.spaces.get(info.space) ?? new Space(info);
    space.info = info;
    space.areas = features;
    this.spaces.set(info.space, space);
  }

  #listen(): void {
    this.#stream?.close();
    const query = new URLSearchParams([...this.spaces.keys()].map((name) => ["space", name]));
    if (this.#last) query.set("after", this.#last);
    const stream = new EventSource(`/api/v1/stream?${query}`);
    this.#stream = stream;
    this.#opened = performance.now();
    const on = <T>(event: string, hear: (said: T) => void): void =>
      stream.addEventListener(event, (message: MessageEvent<string>) => {
        if (stream !== this.#stream) return;
        hear(JSON.parse(message.data) as T);
        this.#last = message.lastEventId || this.#last;
        this.changed();
      });
    on<Snapshot>("snapshot", (said) => {
      this.#hear(said);
      this.spaces.get(said.space)?.renew(said);
    });
    on<{ space: string; alert: Alert }>("change", (said) => this.spaces.get(said.space)?.change(said.alert));
    on<{ space: string; alert_id: string }>("gone", (said) => this.spaces.get(said.space)?.lose(said.alert_id));
    on<Words & { facts: Fact[] }>("figures", (said) => {
      this.#hear(said);
      const space = this.spaces.get(said.space);
      if (space) space.facts = said.facts;
    });
    on<Words>("beat", (said) => this.#hear(said));
    stream.onerror = () => this.changed();
  }

  #hear(said: Words): void {
    const at = performance.now();
    const space = this.spaces.get(said.space);
    this.#blind = !said.redis;
    if (said.redis) {
      this.heard = at;
      this.server = said.server;
      space?.hear(said, at);
    }
    this.#beat = said.beat;
    const others = said.spaces?.some((name) => !this.spaces.has(name)) ?? false;
    if (others || (space && said.district !== space.info.district)) void this.#begin();
  }

  /** A stream that was refused, or that says nothing, is opened anew from the last change heard. */
  #watch(): void {
    const stream = this.#stream;
    if (stream !== null) {
      const deaf = Math.min(this.age * 1000, performance.now() - this.#opened) > this.#beat * MISSED * 1000;
      if (stream.readyState === EventSource.CLOSED || deaf) {
        stream.close();
        this.#stream = null;
        void this.#begin();
      }
    }
    this.changed();
  }
}
