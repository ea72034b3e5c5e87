/** What the list is narrowed to; that it is narrowed is always said. */

import { type TemplateResult, html } from "lit";
import { type Alert, SEVERITIES, type Space } from "../model";
import { type Language, type Word, named, say } from "../texts";

export interface Filters {
  readonly severity: string;
  readonly handling: string;
  readonly module: string;
  readonly commune: string;
  readonly agency: string;
  readonly words: string;
}

export const NO_FILTERS: Filters = { severity: "", handling: "", module: "", commune: "", agency: "", words: "" };
const HANDLINGS = ["new", "acked", "assigned", "working", "resolved"] as const;

export function filtered(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== "");
}

/** Letters without signs: "tra my" finds Trà My, "hoa" finds Hoá and Hóa. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();
}

export function matches(alert: Alert, filters: Filters, space: Space): boolean {
  for (const name of ["severity", "handling", "module", "commune"] as const) {
    if (filters[name] && alert[name] !== filters[name]) return false;
  }
  const agencies = [alert.owner?.agency, ...(alert.coordinating ?? [])];
  if (filters.agency && !agencies.includes(filters.agency)) return false;
  if (!filters.words) return true;
  const told = plain(
    [alert.title.vi, alert.title.en, alert.summary.vi, alert.subject, alert.alert_id, space.communeName(alert.commune)].join(" "),
  );
  return plain(filters.words).split(/\s+/).every((word) => told.includes(word));
}

export function filterBar(
  filters: Filters,
  space: Space,
  language: Language,
  set: (changed: Partial<Filters>) => void,
): TemplateResult {
  const choose = (name: keyof Filters, title: Word, options: readonly (readonly [string, string])[]): TemplateResult =>
    html`<label>
      <span>${say(language, title)}</span>
      <select @change=${(event: Event) => set({ [name]: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${filters[name] === ""}>${say(language, "any")}</option>
        ${options.map(([value, shown]) => html`<option value=${value} ?selected=${filters[name] === value}>${shown}</option>`)}
      </select>
    </label>`;
  return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
    <label class="words">
      <span>${say(language, "search")}</span>
      <input
        id="search" type="search" autocomplete="off" .value=${filters.words} placeholder=${say(language, "search_what")}
        @input=${(event: Event) => set({ words: (event.target as HTMLInputElement).value })}
      />
    </label>
    <details ?open=${matchMedia("(min-width: 60rem)").matches}>
      <summary>${say(language, "narrow")}</summary>
      <div>
    ${choose("severity", "severity", SEVERITIES.map((one) => [one, say(language, one)]))}
    ${choose("handling", "handling", HANDLINGS.map((one) => [one, named(language, one)]))}
    ${choose("module", "module", space.info.modules.map(({ id, title }) => [id, title[language]]))}
    ${choose("commune", "commune", space.info.communes.map(({ code, name }) => [code, name]))}
    ${space.info.agencies.length > 0
      ? choose("agency", "agency", space.info.agencies.map(({ id, title }) => [id, title[language]]))
      : ""}
      </div>
    </details>
  </form>`;
}
