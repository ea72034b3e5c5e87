/** What the page knows of one space, and how what the server says changes it. */

import type { Both, Language } from "./texts";

export const SEVERITIES = ["extreme", "severe", "moderate", "minor"] as const;
export type Severity = (typeof SEVERITIES)[number];
export type SourceKind = "station" | "camera" | "feed";

export type Condition = "firing" | "clearing" | "cleared" | "unknown";
export type Handling = "new" | "acked" | "assigned" | "working" | "resolved" | "closed" | "rejected";

export interface Alert {
  readonly alert_id: string;
  readonly dedupe_key: string;
  readonly version: number;
  readonly kind: string;
  readonly module: string;
  readonly subject: string;
  readonly commune?: string | null;
  readonly severity: Severity;
  readonly condition: Condition;
  readonly handling: Handling;
  readonly suppression?: readonly { readonly kind: string; readonly ref: string; readonly until?: string | null; readonly reason?: string }[];
  readonly owner?: { readonly agency: string; readonly seen_at?: string | null } | null;
  readonly coordinating?: readonly string[];
  readonly clocks?: Readonly<Record<string, Clock>>;
  readonly calls?: readonly Call[];
  readonly escalation?: { readonly to?: string | null; readonly next_at?: string | null } | null;
  readonly extension?: Extension | null;
  readonly reminders?: number;
  readonly opened_at: string;
  readonly cause?: string;
  readonly duplicate_of?: string | null;
  readonly acked_by?: Person | null;
  readonly title: Both;
  readonly summary: Both;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
}

export interface Person {
  readonly user: string;
  readonly name: string;
}

/** A telephone call about an alert, as somebody logged it. */
export interface Call {
  readonly agency: string;
  readonly role: string;
  readonly outcome: string;
  readonly at: string;
  readonly by: Person;
  readonly again_at?: string | null;
}

/** More time that an agency asked for. */
export interface Extension {
  readonly due_at: string;
  readonly reason: string;
  readonly by: Person;
  readonly state: "asked" | "granted" | "refused";
}

/** Who is on duty at an agency; without officers, nobody is known to be. */
export interface Duty {
  readonly agency: string;
  readonly role?: "lead" | "coordinating" | null;
  readonly until?: string | null;
  readonly officers: readonly { readonly role: string; readonly name: string; readonly phone: string }[];
}

/** A time within which something must be done; without `due`, it waits. */
export interface Clock {
  readonly due?: string | null;
  readonly state: "running" | "near" | "breached" | "met";
  readonly met_at?: string | null;
}

/** The clock that runs out next, or has run out. */
export function nextClock(alert: Alert): { readonly name: string; readonly due: string; readonly late: boolean } | null {
  let found: { name: string; due: string; late: boolean } | null = null;
  for (const [name, { due, state, met_at }] of Object.entries(alert.clocks ?? {})) {
    if (!due || state === "met" || met_at) continue;
    if (found === null || due < found.due) found = { name, due, late: state === "breached" };
  }
  return found;
}

/** Somebody has taken the news. */
export function attended(alert: Alert): boolean {
  return alert.handling !== "new";
}

/** It belongs on the wall. */
export function isOpen(alert: Alert): boolean {
  return alert.handling !== "closed" && alert.handling !== "rejected";
}

export interface Line extends Alert {
  readonly transition: string;
  readonly at: string;
  readonly by?: Person | null;
  readonly said_at?: string | null;
  readonly text?: string;
}

export interface Story {
  readonly alert: Line;
  readonly history: readonly Line[];
  readonly evidence: readonly { readonly source: string; readonly id: string; readonly at: string; readonly snapshot?: string | null }[];
  readonly untold: readonly { readonly version: number; readonly because: string; readonly reason: string }[];
  readonly actions: readonly string[];
  readonly duties: readonly Duty[];
}

/** A leader's directive on an alert; times are epoch seconds. */
export interface Directive {
  readonly id: number;
  readonly alert: string;
  readonly who: string;
  readonly text: string;
  readonly due: number;
  readonly done: number | null;
  readonly result: string | null;
}

export interface Source {
  readonly kind: SourceKind;
  readonly id: string;
  readonly name: string;
  readonly commune: string | null;
  readonly place: readonly [number, number] | null;
  readonly silent_after: number;
}

export interface SpaceInfo {
  readonly space: string;
  readonly district: string | null;
  readonly name: Both;
  readonly timezone: string;
  readonly communes: readonly { readonly code: string; readonly name: string }[];
  readonly sources: readonly Source[];
  readonly modules: readonly Tile[];
  readonly agencies: readonly Named[];
  readonly calls: readonly CallKind[];
  readonly callers: readonly Named[];
  readonly kinds: readonly Named[];
}

export interface Named {
  readonly id: string;
  readonly title: Both;
}

/** What a call may be about, and the module that it belongs to. */
export interface CallKind extends Named {
  readonly module: string;
}

/** A module of the centre; its figures are gauges, each summed over all labels. */
export interface Tile extends Named {
  readonly office: boolean;
  readonly figures: readonly Named[];
}

export interface Area {
  readonly properties: {
    readonly code: string;
    readonly name: string;
    readonly centre: readonly [number, number];
    readonly schematic: boolean;
  };
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

export interface Fact {
  readonly name: string;
  readonly labels: readonly string[];
  readonly value: number;
}

/** What every message but `change` says of a space. */
export interface Words {
  readonly space: string;
  readonly server: number;
  readonly beat: number;
  readonly redis: boolean;
  readonly complete: boolean;
  readonly now: number | null;
  readonly district: string | null;
  readonly mode: "wall" | "driven" | "exercise" | null;
  readonly speed: number | null;
  readonly mute: { readonly who: string; readonly until: number } | null;
  readonly spaces?: readonly string[];
}

export interface Snapshot extends Words {
  readonly open: number;
  readonly alerts: readonly Alert[];
  readonly facts: readonly Fact[];
}

/** The gauge that holds levels of fire danger, by commune. */
const DANGER = "fire_danger_level";
/** Versions remembered of alerts that are not open any more. */
const REMEMBERED = 50_000;

export class Space {
  readonly alerts = new Map<string, Alert>();
  readonly #versions = new Map<string, number>();
  areas: readonly Area[] = [];
  facts: readonly Fact[] = [];
  words: Words | null = null;
  /** More are open than the server told one by one. */
  cropped = false;
  /** When the space's time last moved, on the page's own clock (milliseconds). */
  moved = 0;
  /** Changes that came a second time and were dropped. */
  dropped = 0;

  constructor(public info: SpaceInfo) {}

  get now(): number | null {
    return this.words?.now ?? null;
  }

  hear(words: Words, at: number): void {
    if (words.now !== this.words?.now) this.moved = at;
    this.words = words;
  }

  /** The whole present: what is not in it is not open. */
  renew(snapshot: Snapshot): void {
    this.alerts.clear();
    for (const alert of snapshot.alerts) {
      this.alerts.set(alert.alert_id, alert);
      this.#remember(alert);
    }
    this.cropped = snapshot.open > snapshot.alerts.length;
    this.facts = snapshot.facts;
  }

  /** It is not this page's to see any more. */
  lose(id: string): void {
    this.alerts.delete(id);
  }

  /** One change; one that is known already changes nothing. */
  change(alert: Alert): void {
    if ((this.#versions.get(alert.alert_id) ?? 0) >= alert.version) {
      this.dropped += 1;
      return;
    }
    this.#remember(alert);
    if (isOpen(alert)) this.alerts.set(alert.alert_id, alert);
    else this.alerts.delete(alert.alert_id);
  }

  #remember(alert: Alert): void {
    this.#versions.set(alert.alert_id, Math.max(alert.version, this.#versions.get(alert.alert_id) ?? 0));
    if (this.#versions.size <= REMEMBERED + this.alerts.size) return;
    for (const id of this.#versions.keys()) {
      if (!this.alerts.has(id)) {
        this.#versions.delete(id);
        return;
      }
    }
  }

  /** Open alerts, those that need a person first. */
  ordered(): Alert[] {
    return [...this.alerts.values()].sort(byUrgency);
  }

  /** The level of fire danger (1 to 5) of each commune that has one. */
  get danger(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const { name, labels, value } of this.facts) if (name === DANGER) found.set(labels[0] ?? "", value);
    return found;
  }

  /** A gauge over all labels; null where nothing was told of it: that is not zero. */
  figure(name: string): number | null {
    const told = this.facts.filter((fact) => fact.name === name);
    return told.length === 0 ? null : told.reduce((sum, fact) => sum + fact.value, 0);
  }

  agencyName(id: string, language: Language): string {
    return this.info.agencies.find((agency) => agency.id === id)?.title[language] ?? id;
  }

  communeName(code: string | null | undefined): string {
    return this.info.communes.find((commune) => commune.code === code)?.name ?? code ?? "";
  }
}

/** A span from now on. It begins a minute ago: where time is a little behind, it holds at once all the same. */
export function fromNow(space: Space, minutes: number): { readonly since: string; readonly until: string } {
  const now = (space.now ?? Date.now() / 1000) * 1000;
  return { since: new Date(now - 60_000).toISOString(), until: new Date(now + minutes * 60_000).toISOString() };
}

/** What needs a person first, by the rule of the server (`listing.py`). */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    order(a) - order(b) ||
    rank(a.severity) - rank(b.severity) ||
    due(a) - due(b) ||
    (a.opened_at < b.opened_at ? -1 : a.opened_at > b.opened_at ? 1 : a.alert_id < b.alert_id ? -1 : 1)
  );
}

/** The gravest that nobody took, then what nobody works on, then the rest. */
function order(alert: Alert): number {
  if (alert.severity === "extreme" && !attended(alert)) return 0;
  return ["new", "acked", "assigned"].includes(alert.handling) ? 1 : 2;
}

function due(alert: Alert): number {
  const clock = nextClock(alert);
  return clock ? Date.parse(clock.due) : Number.MAX_SAFE_INTEGER;
}

export function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

export function worst(alerts: Iterable<Alert>): Severity | null {
  let found: Severity | null = null;
  for (const { severity } of alerts) if (found === null || rank(severity) < rank(found)) found = severity;
  return found;
}

export type Freshness = "sending" | "lost" | "never";

export interface SourceState {
  readonly source: Source;
  readonly state: Freshness;
  /** Seconds, in the space's time, since its newest event. */
  readonly age: number | null;
}

/** Every declared source with the age of its newest event, the most worrying first. */
export function sourceStates(space: Space): SourceState[] {
  const newest = new Map<string, number>();
  for (const fact of space.facts) {
    if (fact.name === "source_newest_seconds") newest.set(fact.labels[1] ?? "", fact.value);
  }
  const silent = new Set<string>();
  for (const alert of space.alerts.values())
    if (alert.kind === "source_silent" && alert.condition !== "cleared") silent.add(alert.subject);
  const found = space.info.sources.map((source): SourceState => {
    const at = newest.get(source.id);
    const age = at === undefined || space.now === null ? null : Math.max(0, space.now - at);
    return { source, age, state: silent.has(source.id) ? "lost" : age === null ? "never" : "sending" };
  });
  const worry: Record<Freshness, number> = { lost: 2, never: 1, sending: 0 };
  return found.sort(
    (a, b) =>
      worry[b.state] - worry[a.state] ||
      (b.age ?? 0) / b.source.silent_after - (a.age ?? 0) / a.source.silent_after,
  );
}
