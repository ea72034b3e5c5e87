/** One alert: why it rang, what runs out next, how it went, what it rests on, and what can be done. */

import { type TemplateResult, html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { age, parts, stamp } from "../format";
import { type Directive, type Line, type Space, type Story, nextClock } from "../model";
import { shape } from "../shapes";
import { type Language, named, say } from "../texts";
import { ACTIONS } from "./actions";
import { alike, alikeList } from "./alike";
import { type Ring, duties, told } from "./duty";
import type { Outcome } from "./orders";

export interface Shown {
  readonly space: Space;
  readonly story: Story;
  readonly language: Language;
  readonly outcome: Outcome | undefined;
  readonly act: (action: string) => unknown;
  readonly directives: readonly Directive[];
  /** Log what came of a call; absent where that is not this person's to say. */
  readonly ring: Ring | undefined;
  /** Report that a directive was carried out; absent where that is not this person's to say. */
  readonly carry?: ((directive: Directive) => void) | undefined;
}

const LINES = 200;
const PICTURES = 3;

export function alertView(shown: Shown): TemplateResult {
  const { space, story, language } = shown;
  const { alert } = story;
  const exercise = space.words?.mode === "exercise" ? html`<i>${say(language, "exercise_tag")}</i> ` : "";
  return html`<article class="story ${alert.severity}">
    <h2>${shape(alert.severity)} ${exercise}${alert.title[language]} <span class="place">${space.communeName(alert.commune)}</span></h2>
    <p class="state">
      <b>${say(language, alert.severity)}</b>, ${named(language, alert.condition)},
      <b>${named(language, alert.handling)}</b>${alert.owner ? html`: ${space.agencyName(alert.owner.agency, language)}` : ""}
    </p>
    ${helping(shown)} ${said(shown)} ${next(shown)} ${escalation(shown)} ${extension(shown)} ${quiet(shown)} ${directed(shown)}
    <h3>${say(language, "why")}</h3>
    <p class="why">${alert.summary[language]}</p>
    ${pictures(shown)}
    ${duplicates(shown)} ${actions(shown)}
    ${duties(story, space, language, shown.ring)}
    <h3>${say(language, "history")}</h3>
    <ol class="timeline">
      ${story.history.slice(-LINES).toReversed().map((line) => entry(line, shown))}
    </ol>
    <h3>${say(language, story.evidence.length > 0 ? "evidence" : "no_evidence")}</h3>
    <ol class="evidence">
      ${story.evidence.map((one) => html`<li><time>${stamp(one.at, space.info.timezone)}</time> ${one.source} <b>${one.id}</b></li>`)}
    </ol>
  </article>`;
}

/** The newest pictures that cameras kept; one that is kept no longer is said to be gone, never an empty frame. */
function pictures({ space, story, language }: Shown): TemplateResult | string {
  const kept = story.evidence.filter(({ snapshot }) => snapshot).slice(-PICTURES);
  if (kept.length === 0) return "";
  return html`<div class="pictures">${kept.map(({ snapshot, source, at }) => {
    const query = new URLSearchParams({ space: space.info.space, name: snapshot ?? "" });
    const words = `${source} ${stamp(at, space.info.timezone)}`;
    const gone = (event: Event): unknown => (event.target as HTMLElement).closest("figure")?.classList.add("gone");
    return html`<figure>
      <img src="/api/v1/alerts/${story.alert.alert_id}/picture?${query}" alt=${words} loading="lazy" @error=${gone} />
      <p>${say(language, "picture_gone")}</p><figcaption>${words}</figcaption>
    </figure>`;
  })}</div>`;
}

/** What it may repeat, and what people said that it repeats. */
function duplicates({ space, story: { alert }, language }: Shown): TemplateResult {
  const found = alike(space, { ...alert, at: Date.parse(alert.opened_at), alert: alert.alert_id });
  const of = alert.duplicate_of;
  return html`
    ${of ? html`<p class="quiet"><a href="#${encodeURIComponent(space.info.space)}/${of}">${say(language, "repeats")}</a></p>` : ""}
    ${alikeList(found, "alike_open", space, language)}`;
}

/** What became of the last order: only what the system answered counts. */
function said({ outcome, language, space }: Shown): TemplateResult | string {
  switch (outcome?.state) {
    case "sending":
      return html`<p class="outcome" role="status">${say(language, "sending")}</p>`;
    case "kept":
      return html`<p class="outcome bad" role="alert">${say(language, "kept")}</p>`;
    case "done": {
      const { line } = outcome;
      const time = parts(Date.parse(happened(line, space)) / 1000, space.info.timezone).time;
      return html`<p class="outcome good" role="status">
        ${say(language, "done", { time, what: named(language, line.transition), who: line.by?.name ?? "" })}
      </p>`;
    }
    case "refused": {
      const own = outcome.status === 403 || outcome.status === 404 ? say(language, "not_yours") : say(language, "not_done");
      const reason = outcome.reason?.[language] ?? own;
      return html`<p class="outcome bad" role="alert">${say(language, "refused", { reason })}</p>`;
    }
    default:
      return "";
  }
}

function next({ story: { alert }, language, space }: Shown): TemplateResult | string {
  const clock = nextClock(alert);
  if (!clock) return "";
  const fields = { what: named(language, clock.name), time: stamp(clock.due, space.info.timezone) };
  if (clock.late) return html`<p class="clock overdue">${say(language, "was_due", fields)}</p>`;
  const left = space.now === null ? "" : age(Date.parse(clock.due) / 1000 - space.now, language);
  return html`<p class="clock">${say(language, "is_due", { ...fields, left })}</p>`;
}

function helping({ story: { alert }, language, space }: Shown): TemplateResult | string {
  const names = (alert.coordinating ?? []).map((agency) => space.agencyName(agency, language)).join(", ");
  return names ? html`<p class="quietly">${say(language, "helped_by", { names })}</p>` : "";
}

/** Who was told while nobody acted, and when it goes further up. */
function escalation({ story: { alert }, language, space }: Shown): TemplateResult | string {
  const { to, next_at } = alert.escalation ?? {};
  const up = to ? say(language, "told_up", { to: named(language, to) }) : "";
  const next = next_at ? say(language, "next_up", { time: stamp(next_at, space.info.timezone) }) : "";
  return up || next ? html`<p class="clock">${up} ${next}</p>` : "";
}

function extension({ story: { alert }, language, space }: Shown): TemplateResult | string {
  if (!alert.extension) return "";
  const { due_at, reason, by, state } = alert.extension;
  const fields = { who: by.name || by.user, time: stamp(due_at, space.info.timezone) };
  return html`<p class="quiet">${say(language, "asked_until", fields)} <q>${reason}</q> <b>${say(language, state === "refused" ? "refused_it" : state)}</b></p>`;
}

function quiet({ story: { alert }, language, space }: Shown): TemplateResult[] {
  return (alert.suppression ?? []).map((one) => {
    const until = one.until ? say(language, "until", { time: stamp(one.until, space.info.timezone) }) : "";
    return html`<p class="quiet">${named(language, one.kind)} ${until} ${one.reason ?? ""}</p>`;
  });
}

function directed({ directives, language, space, carry }: Shown): TemplateResult[] {
  return directives.map((one) => html`<p class="quiet">
    <b>${say(language, "directive")}</b> (${one.who}): <q>${one.text}</q>
    ${one.done === null
      ? say(language, "not_done_yet", { time: stamp(new Date(one.due * 1000).toISOString(), space.info.timezone) })
      : html`${say(language, "carried")} <q>${one.result}</q>`}
    ${one.done === null && carry ? html`<button @click=${() => carry(one)}>${say(language, "carry")}</button>` : ""}
  </p>`);
}

function actions({ story, language, act, outcome }: Shown): TemplateResult {
  const able = Object.entries(ACTIONS).filter(([name, action]) => story.actions.includes(action.as ?? name));
  return html`<div class="actions" role="group" aria-label=${say(language, "to_do")}>
    ${repeat(
      able,
      // A button is never made into another: one that is pressed does what it said.
      ([name]) => name,
      ([name, { title, key }], n) => html`<button
        class=${n === 0 ? "main" : ""}
        data-action=${name}
        ?disabled=${outcome?.state === "sending"}
        @click=${() => act(name)}
      >
        ${say(language, title)} ${key ? html`<kbd>${key}</kbd>` : ""}
      </button>`,
    )}
  </div>`;
}

/** What people do is told in the space's own time; in a live one that is the moment at which they did it. */
function happened(line: Line, space: Space): string {
  return space.words?.mode === "wall" ? (line.said_at ?? line.at) : line.at;
}

function call(line: Line, space: Space, language: Language): string {
  const made = line.calls?.at(-1);
  return made ? `${space.agencyName(made.agency, language)}, ${named(language, made.role)}: ${told(made, space, language)}` : "";
}

function entry(line: Line, { story, language, space }: Shown): TemplateResult {
  const untold = story.untold.find(({ version }) => version === line.version);
  return html`<li>
    <time>${stamp(happened(line, space), space.info.timezone)}</time>
    <b>${named(language, line.transition)}</b>
    ${line.by ? html`<span class="who">${line.by.name || line.by.user}</span>` : ""}
    ${line.transition === "H2" || line.transition === "H4" ? space.agencyName(line.owner?.agency ?? "", language) : ""}
    ${line.transition === "H20" ? call(line, space, language) : ""}
    ${line.text && line.text !== named("vi", line.calls?.at(-1)?.outcome ?? "") ? html`<q>${line.text}</q>` : html`<span class="quietly">${line.by ? "" : line.summary[language]}</span>`}
    ${untold ? html`<span class="untold">${say(language, "untold", { why: named(language, untold.because) })}</span>` : ""}
  </li>`;
}
