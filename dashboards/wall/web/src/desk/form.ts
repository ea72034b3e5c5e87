/** The form of one order. Nothing is sent before what it needs is filled. */

import { type TemplateResult, html } from "lit";
import { stamp } from "../format";
import type { Alert, Space } from "../model";
import { type Language, type Word, named, say } from "../texts";
import { alike } from "./alike";
import { ANSWERS, type Action, CALLED, CAUSES, type Field, OUTCOMES, ROLES } from "./actions";

const TITLES: Record<Field, Word> = {
  text: "words", reason: "reason", agency: "agency", cause: "cause", outcome: "outcome", clock: "clock",
  until: "until_when", due_at: "until_when", called: "called", duplicate_of: "duplicate_of",
  agencies: "helping", role: "role", granted: "answer", again_at: "again_at",
};
/** Minutes from now that are offered. */
const SPANS = [30, 60, 120, 240, 480, 1440, 2880, 4320];
const SOON = [5, 10, 15, 30, 60];

/** What an order says, by field. */
export type Filled = Record<string, string | string[]>;

export function orderForm(
  action: Action, alert: Alert, space: Space, language: Language,
  send: (fields: Filled) => void, close: () => void, preset: Partial<Record<Field, string>> = {},
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const said = action.fields.flatMap((name): [string, string | string[]][] => {
      const values = filled.getAll(name).map(String).filter((value) => value !== "");
      if (name === "agencies") return [[name, values]];
      return values.length > 0 ? [[SENT_AS[name] ?? name, fit(name, values[0]!, space)]] : [];
    });
    send(Object.fromEntries(said));
  };
  return html`<div class="over" @click=${(event: Event) => event.target === event.currentTarget && close()}>
    <form class="order" role="dialog" aria-modal="true" aria-label=${say(language, action.title)} @submit=${submit}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}>
      <h2>${say(language, action.title)}</h2>
      <p>${alert.title[language]} <span class="place">${space.communeName(alert.commune)}</span></p>
      ${action.fields.map((name) => field(name, action.needs.includes(name), alert, space, language, preset[name] ?? ""))}
      <div class="buttons">
        <button class="main">${say(language, action.title)}</button>
        <button type="button" @click=${close}>${say(language, "cancel")}</button>
      </div>
    </form>
  </div>`;
}

/** Fields that the server knows by another name. */
const SENT_AS: Partial<Record<Field, string>> = { called: "outcome" };
const TIMES: readonly Field[] = ["until", "due_at", "again_at"];

/** Times are spans from the space's now. */
function fit(name: Field, value: string, space: Space): string {
  if (!TIMES.includes(name)) return value;
  return new Date(((space.now ?? Date.now() / 1000) + Number(value) * 60) * 1000).toISOString();
}

function field(name: Field, needed: boolean, alert: Alert, space: Space, language: Language, preset: string): TemplateResult {
  const options = choices(name, alert, space, language);
  return html`<label>
    <span>${say(language, TITLES[name])}</span>
    ${options
      ? html`<select name=${name} ?required=${needed} ?multiple=${name === "agencies"} size=${name === "agencies" ? 6 : 1}>
          ${name === "agencies" ? "" : html`<option value=""></option>`}
          ${options.map(([value, shown]) => html`<option value=${value} ?selected=${preset.split(" ").includes(value)}>${shown}</option>`)}
        </select>`
      : html`<textarea name=${name} rows="3" maxlength="2000" ?required=${needed}></textarea>`}
  </label>`;
}

function choices(name: Field, alert: Alert, space: Space, language: Language): (readonly [string, string])[] | null {
  switch (name) {
    case "agency":
    case "agencies":
      return space.info.agencies.map(({ id, title }) => [id, title[language]] as const);
    case "called":
      return CALLED.map(([value, word]) => [value, say(language, word)] as const);
    case "role":
      return ROLES.map((role) => [role, named(language, role)] as const);
    case "granted":
      return ANSWERS.map(([value, word]) => [value, say(language, word)] as const);
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
    case "again_at":
      return (name === "again_at" ? SOON : SPANS).map((n) => [String(n), n < 60 ? say(language, "minutes", { n: String(n) }) : say(language, "hours", { n: String(n / 60) })] as const);
    default:
      return null;
  }
}
