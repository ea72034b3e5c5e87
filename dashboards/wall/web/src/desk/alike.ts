/** Alerts that may be about one event. Nothing is merged here: people see them beside each other, and judge. */

import { type TemplateResult, html } from "lit";
import { age } from "../format";
import type { Alert, Space } from "../model";
import { shape } from "../shapes";
import { type Language, type Word, named, say } from "../texts";

/** Milliseconds between two openings within which they may be one event. */
const WITHIN = 3 * 3_600_000;
const SHOWN = 6;

export interface Event {
  readonly kind: string;
  readonly commune?: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The alert itself, if it is one already. */
  readonly alert?: string;
}

/** Open calls of about this time and place; and, where no office's work is meant, what machines found there. */
export function alike(space: Space, event: Event): Alert[] {
  const calls = new Map(space.info.calls.map(({ id, module }) => [id, module]));
  const module = calls.get(event.kind);
  const office = space.info.modules.find(({ id }) => id === module)?.office ?? true;
  const same = (other: Alert): boolean =>
    other.alert_id !== event.alert &&
    (calls.has(other.kind) || (!office && other.module === module)) &&
    (!event.commune || !other.commune || event.commune === other.commune) &&
    Math.abs(Date.parse(other.opened_at) - event.at) < WITHIN;
  const newest = (a: Alert, b: Alert): number => (a.opened_at < b.opened_at ? 1 : -1);
  return module === undefined ? [] : [...space.alerts.values()].filter(same).sort(newest).slice(0, SHOWN);
}

export function alikeList(found: readonly Alert[], title: Word, space: Space, language: Language): TemplateResult | string {
  if (found.length === 0) return "";
  return html`<section class="alike">
    <h3>${say(language, title)}</h3>
    <ul>${found.map((alert) => html`<li>
      <a href="#${encodeURIComponent(space.info.space)}/${alert.alert_id}">
        ${shape(alert.severity)} <b>${alert.title[language]}</b> <span class="place">${space.communeName(alert.commune)}</span>
        ${alert.summary[language]}
      </a>
      <span class="quietly">${since(alert, space, language)}, ${named(language, alert.handling)}</span>
    </li>`)}</ul>
  </section>`;
}

function since(alert: Alert, space: Space, language: Language): string {
  return space.now === null ? "" : say(language, "ago", { age: age(space.now - Date.parse(alert.opened_at) / 1000, language) });
}
