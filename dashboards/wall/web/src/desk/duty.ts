/** Whom to ring about an alert, and what came of it: a number, three answers, and who was rung when. */

import { type TemplateResult, html } from "lit";
import { parts, stamp } from "../format";
import type { Call, Duty, Space, Story } from "../model";
import { type Language, named, say } from "../texts";
import { CALLED } from "./actions";

export type Ring = (agency: string, role: string, outcome: string) => void;

/** `ring` is absent where calls are not this person's to log. */
export function duties(story: Story, space: Space, language: Language, ring: Ring | undefined): TemplateResult | string {
  if (story.duties.length === 0) return "";
  return html`<section class="duties">
    <h3>${say(language, "whom_to_ring")}</h3>
    ${story.duties.map((duty) => html`<div class="duty">
      <h4>${space.agencyName(duty.agency, language)} <small>${duty.role ? say(language, duty.role) : ""}</small></h4>
      ${officers(duty, space, language, (role) => html`
        ${answered(story.alert.calls?.findLast((call) => call.agency === duty.agency && call.role === role), space, language)}
        ${ring ? html`<span class="ring">${CALLED.map(([outcome, word]) => html`<button
          data-call="${role}/${outcome}" @click=${() => ring(duty.agency, role, outcome)}>${say(language, word)}</button>`)}</span>` : ""}`)}
    </div>`)}
  </section>`;
}

/** The people of a duty; that nobody is known to be on duty is said aloud. */
export function officers(
  duty: Duty, space: Space, language: Language, beside: (role: string) => TemplateResult | string = () => "",
): TemplateResult {
  if (duty.officers.length === 0) return html`<p class="overdue">${say(language, "no_roster")}</p>`;
  return html`<ul>
    ${duty.officers.map(({ role, name, phone }) => html`<li>
      <span class="quietly">${named(language, role)}</span> <b>${name}</b> <a class="phone" href="tel:${phone}">${spaced(phone)}</a>
      ${beside(role)}
    </li>`)}
    ${duty.until ? html`<li class="quietly">${say(language, "until", { time: stamp(duty.until, space.info.timezone) })}</li>` : ""}
  </ul>`;
}

/** What came of a call, in one line of the history or beside a number. */
export function told(call: Call, space: Space, language: Language): string {
  const again = call.again_at ? ` ${parts(Date.parse(call.again_at) / 1000, space.info.timezone).minute}` : "";
  return `${named(language, call.outcome)}${again}`;
}

function answered(call: Call | undefined, space: Space, language: Language): TemplateResult | string {
  if (!call) return "";
  const at = parts(Date.parse(call.at) / 1000, space.info.timezone).minute;
  return html`<span class="rung ${call.outcome}">${at} ${told(call, space, language)} (${call.by.name || call.by.user})</span>`;
}

/** A number in groups, as people read it aloud: 0905 123 456. */
function spaced(phone: string): string {
  return phone.length < 9 ? phone : phone.replace(/^(\+84|\d{4})(\d{3})(\d+)$/, "$1 $2 $3");
}
