/** How fresh each source is. A silent one is said to be silent; one that never spoke has no data. */

import { type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import { age, count } from "../format";
import { type Freshness, type SourceKind, type SourceState, type Space, sourceStates } from "../model";
import { type Language, type Word, say } from "../texts";

const KINDS: readonly [SourceKind, Word][] = [
  ["station", "stations"],
  ["camera", "cameras"],
  ["feed", "feeds"],
];

const MARKS: Record<Freshness, SVGTemplateResult> = {
  sending: svg`<circle cx="6" cy="6" r="3.5" />`,
  never: svg`<circle class="hollow" cx="6" cy="6" r="4" />`,
  lost: svg`<circle class="hollow" cx="6" cy="6" r="4.5" /><path class="hollow" d="M3 9 9 3" />`,
};

export function sources(space: Space, language: Language, most: number): TemplateResult {
  const states = sourceStates(space);
  return html`
    <section class="sources" aria-label=${say(language, "sources")}>
      ${KINDS.map(([kind, title]) => {
        const own = states.filter((state) => state.source.kind === kind);
        return own.length > 0 ? group(own, title, language, most) : "";
      })}
    </section>
  `;
}

function group(states: SourceState[], title: Word, language: Language, most: number): TemplateResult {
  const sending = states.filter((state) => state.state === "sending").length;
  const of = { present: count(sending, language), all: count(states.length, language) };
  const shown = states.length > most ? states.slice(0, most - 1) : states;
  return html`
    <div class="group">
      <h3 class=${sending < states.length ? "short" : ""}>
        ${say(language, title)} <b>${say(language, "present_of", of)}</b>
        <small>${say(language, "newest_ago")}</small>
      </h3>
      <ul>
        ${shown.map((state) => one(state, language))}
        ${shown.length < states.length
          ? html`<li class="rest">
              ${say(language, "more_sources", { count: count(states.length - shown.length, language) })}
            </li>`
          : ""}
      </ul>
    </div>
  `;
}

function one(state: SourceState, language: Language): TemplateResult {
  const since = state.age === null ? "" : age(state.age, language);
  const word: Record<typeof state.state, string> = {
    sending: since,
    never: say(language, "no_data"),
    lost: `${say(language, "signal_lost")}${since ? `, ${since}` : ""}`,
  };
  return html`<li class=${state.state} data-source=${state.source.id}>
    <svg viewBox="0 0 12 12" aria-hidden="true">${MARKS[state.state]}</svg>
    <span class="name">${state.source.name}</span> <span class="age">${word[state.state]}</span>
  </li>`;
}
