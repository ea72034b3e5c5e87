/** The form of one order. Nothing is sent before what it needs is filled. */

import { type TemplateResult, html } from "lit";
import { stamp } from "../format";
import type { Alert, Space } from "../model";
import { type Language, type Word, named, say } from "../texts";
import { alike } from "./alike";
import { type Action, CALLED, CAUSES, type Field, OUTCOMES } from "./actions";

const TITLES: Record<Field, Word> = {
  text: "words", reason: "reason", agency: "agency", cause: "cause", outcome: "outcome", clock: "clock",
  until: "until_when", due_at: "until_when", called: "called", duplicate_of: "duplicate_of",
};
/** Minutes from now that are offered. */
const SPANS = [30, 60, 120, 240, 480, 1440];

export function orderForm(
  action: Action, alert: Alert, space: Space, language: Language,
  send: (fields: Record<string, string>) => void, close: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const filled = Object.entries(Object.fromEntries(new FormData(event.target as HTMLFormElement)));
    send(Object.fromEntries(filled.filter(([, value]) => value !== "").map(([name, value]) => [name, fit(name, String(value), space)])));
  };
  return html`<div class="over" @click=${(event: Event) => event.target === event.currentTarget && close()}>
    <form class="order" role="dialog" aria-modal="true" aria-label=${say(language, action.title)} @submit=${submit}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}>
      <h2>${say(language, action.title)}</h2>
      <p>${alert.title[language]} <span class="place">${space.communeName(alert.commune)}</span></p>
      ${action.fields.map((name) => field(name, action.needs.includes(name), alert, space, language))}
      <div class="buttons">
        <button class="main">${say(language, action.title)}</button>
        <button type="button" @click=${close}>${say(language, "cancel")}</button>
      </div>
    </form>
  </div>`;
}

/** Times are spans from the space's now. */
function fit(name: string, value: string, space: Space): string {
  if (name !== "until" && name !== "due_at") return value;
  return new Date(((space.now ?? Date.now() / 1000) + Number(value) * 60) * 1000).toISOString();
}

function field(name: Field, needed: boolean, alert: Alert, space: Space, language: Language): TemplateResult {
  const options = choices(name, alert, space, language);
  return html`<label>
    <span>${say(language, TITLES[name])}</span>
    ${options
      ? html`<select name=${name} ?required=${needed}>
          <option value=""></option>
          ${options.map(([value, shown]) => html`<option value=${value}>${shown}</option>`)}
        </select>`
      : html`<textarea name=${name} rows="3" maxlength="2000" ?required=${needed}></textarea>`}
  </label>`;
}

function choices(name: Field, alert: Alert, space: Space, language: Language): (readonly [string, string])[] | null {
  switch (name) {
    case "agency":
      return space.info.agencies.map(({ id, title }) => [id, title[language]] as const);
    case "called":
      return CALLED.map((word) => [say("vi", word), say(language, word)] as const);
    case "cause":
      return CAUSES.map(([value, word]) => [value, say(language, word)] as const);
    case "duplicate_of":
      return alike(space, { ...alert, at: Date.parse(alert.opened_at), alert: alert.alert_id }).map(
        (one) => [one.alert_id, `${stamp(one.opened_at, space.info.timezone)} ${one.summary[language]}`.slice(0, 120)] as const,
      );
    case "outcome":
      return OUTCOMES.map(([value, word]) => [value, say(language, word)] as const);
    case "clock":
      return Object.keys(alert.clocks ?? {}).map((clock) => [clock, named(language, clock)] as const);
    case "until":
    case "due_at":
      return SPANS.map((n) => [String(n), n < 60 ? say(language, "minutes", { n: String(n) }) : say(language, "hours", { n: String(n / 60) })] as const);
    default:
      return null;
  }
}
