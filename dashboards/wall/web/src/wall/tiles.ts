/** What is open by module, with the module's own figures. At night, what rests then is folded to one line. */

import { type TemplateResult, html } from "lit";
import { count, parts } from "../format";
import { type Space, type Tile, worst } from "../model";
import { shape } from "../shapes";
import { type Language, say } from "../texts";

/** Hours at which offices rest. */
const NIGHT = { from: 22, to: 5 };

export function tiles(space: Space, language: Language): TemplateResult {
  const resting = space.info.modules.filter((module) => module.office && isNight(space));
  const by = Map.groupBy(space.alerts.values(), (alert) => alert.module);
  const open = (module: Tile): string => count(by.get(module.id)?.length ?? 0, language);
  return html`<section class="modules" aria-label=${say(language, "by_module")}>
    ${space.info.modules.map((module) => (resting.includes(module) ? "" : tile(module, space, language)))}
    ${resting.length > 0
      ? html`<div class="module resting">
          <h3>${say(language, "resting")}</h3>
          <p>${resting.map((module) => html`<span>${module.title[language]} <b>${open(module)}</b></span> `)}</p>
        </div>`
      : ""}
  </section>`;
}

function tile(module: Tile, space: Space, language: Language): TemplateResult {
  const alerts = [...space.alerts.values()].filter((alert) => alert.module === module.id);
  const severity = worst(alerts);
  return html`<div class="module ${severity ?? "zero"}" data-module=${module.id}>
    <h3>${module.title[language]}</h3>
    <p class="count">
      ${severity ? shape(severity) : ""}<b>${space.cropped ? "≥ " : ""}${count(alerts.length, language)}</b>
      <span>${say(language, "alerts")}</span>
    </p>
    ${module.figures.map(({ id, title }) => {
      const value = space.figure(id);
      return html`<p class="figure">
        ${value === null ? html`<i>${say(language, "no_data")}</i>` : html`<b>${count(value, language)}</b>`}
        <span>${title[language]}</span>
      </p>`;
    })}
  </div>`;
}

function isNight(space: Space): boolean {
  if (space.now === null) return false;
  const hour = Number(parts(space.now, space.info.timezone).time.slice(0, 2));
  return hour >= NIGHT.from || hour < NIGHT.to;
}
