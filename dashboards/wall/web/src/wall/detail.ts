/** One alert opened: why it rang, how it went, and the events that it rests on. */

import { type TemplateResult, html } from "lit";
import { stamp } from "../format";
import type { Space, Story } from "../model";
import { shape } from "../shapes";
import { type Language, say, named } from "../texts";

export interface Opened {
  readonly space: Space;
  readonly id: string;
  /** Null while it is asked for; undefined when it could not be had. */
  readonly story: Story | null | undefined;
}

export function detail(opened: Opened, language: Language, close: () => void): TemplateResult {
  return html`<aside class="detail" role="dialog">
    <button @click=${close}>${say(language, "close")}</button>
    ${opened.story === undefined ? html`<p>${say(language, "no_story")}</p>` : ""}
    ${opened.story ? story(opened.story, opened.space, language) : ""}
  </aside>`;
}

function story({ alert, history, evidence }: Story, space: Space, language: Language): TemplateResult {
  const at = (iso: string): string => stamp(iso, space.info.timezone);
  return html`
    <h2>${shape(alert.severity)} ${alert.title[language]}</h2>
    <p class="place">
      ${say(language, alert.severity)}, ${named(language, alert.condition)}, ${named(language, alert.handling)}
      <b>${space.communeName(alert.commune)}</b>
    </p>
    <h3>${say(language, "why")}</h3>
    <p>${alert.summary[language]}</p>
    <h3>${say(language, "history")}</h3>
    <ol>
      ${history.slice(-20).map((line) => html`<li>
        <time>${at(line.at)}</time> <b>${named(language, line.transition)}</b> ${line.summary[language]}
      </li>`)}
    </ol>
    <h3>${say(language, evidence.length > 0 ? "evidence" : "no_evidence")}</h3>
    <ol>
      ${evidence.map((one) => html`<li><time>${at(one.at)}</time> ${one.source} <b>${one.id}</b></li>`)}
    </ol>
  `;
}
