/** The page of targets: what was to be reached, how it stands, and what that is made of. */

import { type TemplateResult, html } from "lit";
import { ask } from "./api";
import { Place } from "./desk/place";
import { decimal, stamp } from "./format";
import type { Space } from "./model";
import { type Both, say } from "./texts";

interface Target {
  readonly id: string;
  readonly title: Both;
  readonly plan: string | null;
  readonly days: Both;
  readonly goal: number;
  readonly direction: "at_least" | "at_most";
  readonly unit: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly end: "exceeded" | "met" | "not_met" | "no_basis" | "not_yet_due" | "data_wrong";
  readonly ends_as: Both;
  readonly short_by: number | null;
  readonly needed: number | null;
  readonly forecast: number | null;
  readonly origins: readonly Both[];
  readonly filed: number;
  readonly expected: number;
  readonly missing: readonly string[];
  readonly doubts: readonly Both[];
}

interface Plan {
  readonly id: string;
  readonly title: Both;
  readonly total: number;
  readonly done: number;
  readonly ends: readonly (readonly [Both, number])[];
  readonly reported: number | null;
}

interface Standing {
  readonly now: string | null;
  readonly plans: readonly Plan[];
  readonly targets: readonly Target[];
}

const EVERY = 60_000;
/** A mark beside each word, so that colour alone says nothing. */
const MARKS: Record<Target["end"], string> = {
  exceeded: "▲", met: "✓", not_met: "✗", no_basis: "–", not_yet_due: "◷", data_wrong: "!",
};

export class Targets extends Place {
  #standing: Standing | null = null;
  #of = "";
  #asked = -Infinity;

  protected override heard(): void {
    const space = this.space;
    const another = space !== undefined && space !== null && space.info.space !== this.#of;
    if (space?.words?.complete && (another || performance.now() - this.#asked > EVERY)) void this.#ask(space);
    this.requestUpdate();
  }

  async #ask(space: Space): Promise<void> {
    this.#asked = performance.now();
    this.#of = space.info.space;
    try {
      this.#standing = await ask<Standing>("targets", { space: this.#of });
    } catch {
      this.#asked = performance.now() - EVERY + 3_000;
    }
    this.requestUpdate();
  }

  protected override body(space: Space): TemplateResult {
    const { language } = this;
    const standing = this.#standing;
    if (!standing) return html`<p class="filling">${say(language, "connecting")}</p>`;
    const alone = standing.targets.filter(({ plan }) => plan === null);
    return html`<main class="leader targets">
      ${standing.now ? html`<p class="quietly">${say(language, "as_of", { time: stamp(standing.now, space.info.timezone) })}</p>` : ""}
      ${standing.targets.length === 0 ? html`<p>${say(language, "no_targets")}</p>` : ""}
      ${standing.plans.map((plan) => html`<section>
        <h2>${plan.title[language]}</h2>
        <p class="sum">
          <b>${say(language, "targets_done", { done: decimal(plan.done, language), total: decimal(plan.total, language) })}</b>
          ${plan.ends.map(([end, count]) => html`<span>${end[language]} ${count}</span>`)}
          ${plan.reported !== null ? html`<span class="declared">${say(language, "targets_reported", { count: decimal(plan.reported, language) })}</span>` : ""}
        </p>
        ${this.#table(standing.targets.filter((target) => target.plan === plan.id))}
      </section>`)}
      ${alone.length > 0 ? html`<section><h2>${say(language, "other_targets")}</h2>${this.#table(alone)}</section>` : ""}
    </main>`;
  }

  #table(targets: readonly Target[]): TemplateResult {
    const { language } = this;
    return html`<table>
      <thead><tr>
        <th>${say(language, "target")}</th><th>${say(language, "goal")}</th><th>${say(language, "result")}</th>
        <th>${say(language, "judgement")}</th>
      </tr></thead>
      <tbody>${targets.map((target) => this.#row(target))}</tbody>
    </table>`;
  }

  #row(target: Target): TemplateResult {
    const { language } = this;
    const number = (value: number | null): string => value === null ? "–" : decimal(value, language);
    const wrong = target.end === "data_wrong";
    const shown = wrong || target.value === null ? "–" : `${number(target.value)} ${target.unit}`;
    const parts = target.denominator !== null ? `${number(target.numerator)} / ${number(target.denominator)}` : "";
    return html`<tr class=${target.end}>
      <td>${target.title[language]}<small>${target.days[language]}</small></td>
      <td class="number">${target.direction === "at_least" ? "≥" : "≤"} ${number(target.goal)} ${target.unit}</td>
      <td class="number">${shown}<small>${parts}</small>
        <small>${target.origins.map((origin) => html`<span class="declared">${origin[language]}</span> `)}
          ${target.expected > 0 ? say(language, "filed_by", { filed: decimal(target.filed, language), expected: decimal(target.expected, language) }) : ""}</small>
      </td>
      <td><b class="end">${MARKS[target.end]} ${target.ends_as[language]}</b>
        ${target.short_by !== null ? html`<small>${say(language, "short_by", { by: `${number(target.short_by)} ${target.unit}` })}</small>` : ""}
        ${target.needed !== null && target.end === "not_yet_due" ? html`<small>${say(language, "pace_needed", { pace: number(target.needed), forecast: number(target.forecast) })}</small>` : ""}
        ${target.doubts.map((doubt) => html`<small class="doubt">${doubt[language]}</small>`)}
        ${target.missing.length > 0 ? html`<small>${say(language, "not_filed", { names: target.missing.slice(0, 6).join(", ") })}</small>` : ""}
      </td>
    </tr>`;
  }
}

customElements.define("ioc-targets", Targets);
