/** The hand-over sheet (biên bản bàn giao ca trực), the check at a shift's start, and the shift log. Made to print. */

import { type TemplateResult, html } from "lit";
import { Refused, ask, send } from "./api";
import { Place } from "./desk/place";
import { stamp } from "./format";
import { officers } from "./desk/duty";
import type { Alert, Duty, Space } from "./model";
import { shape } from "./shapes";
import { type Word, named, say } from "./texts";

interface Silence {
  readonly silence_id: string;
  readonly reason: string;
  readonly until: string;
  readonly by: { readonly name: string };
}

interface Sheet {
  readonly at: string;
  readonly until: string;
  readonly open: readonly Alert[];
  readonly shelved: readonly Alert[];
  readonly silences: readonly Silence[];
  readonly deadlines: readonly { readonly alert_id: string; readonly clock: string; readonly due: string; readonly breached: boolean }[];
  readonly lost: readonly Alert[];
}

type Kind = "note" | "check" | "promise" | "give" | "take";

interface Entry {
  readonly at: number;
  readonly who: string;
  readonly kind: Kind;
  readonly text: string;
}

const LOGGED: Record<Kind, Word> = {
  note: "log_note", check: "log_check", promise: "log_promise", give: "log_give", take: "log_take",
};
const CHECKS: readonly Word[] = ["check_sound", "check_light", "check_network", "check_roster", "check_test"];

export class HandOver extends Place {
  #sheet: Sheet | null = null;
  #log: readonly Entry[] = [];
  #duties: readonly Duty[] = [];
  #asked = false;
  #said: string | null = null;

  protected override heard(): void {
    if (!this.#asked && this.space?.words?.complete) {
      this.#asked = true;
      void this.#ask(this.space);
    }
    this.requestUpdate();
  }

  async #ask(space: Space): Promise<void> {
    const query = { space: space.info.space };
    try {
      [this.#sheet, this.#log, this.#duties] = await Promise.all([
        ask<Sheet>("handover", query), ask<Entry[]>("log", query), ask<Duty[]>("duties", query),
      ]);
    } catch (error) {
      this.#said = say(this.language, error instanceof Refused && error.status === 403 ? "not_yours" : "no_answer");
    }
    this.requestUpdate();
  }

  protected override body(space: Space): TemplateResult {
    const { language } = this;
    const sheet = this.#sheet;
    if (!sheet) return html`<p class="filling">${this.#said ?? say(language, "connecting")}</p>`;
    const zone = space.info.timezone;
    return html`<main class="handover">
      <h1>${say(language, "handover_title")}</h1>
      <p>
        ${say(language, "handover_span", { at: stamp(sheet.at, zone), until: stamp(sheet.until, zone) })}
        <button class="screen-only" @click=${() => void this.#ask(space)}>${say(language, "renew")}</button>
        <button class="screen-only" @click=${() => window.print()}>${say(language, "print")}</button>
      </p>
      ${this.#part("sheet_open", sheet.open, (alert) => this.#alert(alert, space))}
      ${this.#part("sheet_shelved", sheet.shelved, (alert) => this.#alert(alert, space))}
      ${this.#part("sheet_silences", sheet.silences, (one) => html`<li>${one.reason} (${one.by.name}), ${say(language, "until", { time: stamp(one.until, zone) })}</li>`)}
      ${this.#part("sheet_deadlines", sheet.deadlines, ({ alert_id, clock, due, breached }) => html`<li class=${breached ? "overdue" : ""}>
        ${stamp(due, zone)} ${named(language, clock)}${breached ? html` <b>${say(language, "overdue")}</b>` : ""}:
        ${space.alerts.get(alert_id)?.title[language] ?? ""} ${space.communeName(space.alerts.get(alert_id)?.commune)}
      </li>`)}
      ${this.#part("sheet_lost", sheet.lost, (alert) => html`<li>${alert.summary[language]}</li>`)}
      ${this.#part("promised", this.#log.filter(({ kind }) => kind === "promise"), (one) => this.#entry(one, space))}
      ${this.#part("on_duty_now", this.#duties, (duty) => html`<li class="duty"><b>${space.agencyName(duty.agency, language)}</b> ${officers(duty, space, language)}</li>`)}
      ${this.#check(space)}
      ${this.#part("shift_log", this.#log, (one) => this.#entry(one, space))}
      ${this.#write(space)} ${this.#signatures()}
    </main>`;
  }

  #part<T>(title: Word, rows: readonly T[], row: (one: T) => TemplateResult): TemplateResult {
    return html`<section>
      <h2>${say(this.language, title)} (${rows.length})</h2>
      ${rows.length === 0 ? html`<p>${say(this.language, "none")}</p>` : html`<ol>${rows.map(row)}</ol>`}
    </section>`;
  }

  #alert(alert: Alert, space: Space): TemplateResult {
    const { language } = this;
    return html`<li class=${alert.severity}>
      ${shape(alert.severity)} <b>${say(language, alert.severity)}</b> ${stamp(alert.opened_at, space.info.timezone)}
      ${alert.title[language]}, ${space.communeName(alert.commune)}: ${named(language, alert.handling)}${alert.owner ? html`, ${space.agencyName(alert.owner.agency, language)}` : ""}
    </li>`;
  }

  #entry(one: Entry, space: Space): TemplateResult {
    const at = stamp(new Date(one.at * 1000).toISOString(), space.info.timezone);
    return html`<li><time>${at}</time> <b>${say(this.language, LOGGED[one.kind])}</b> ${one.who}: ${one.text}</li>`;
  }

  /** What is looked at before a shift begins; written to the log with what was not in order. */
  #check(space: Space): TemplateResult {
    const { language } = this;
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const ticked = new FormData(event.target as HTMLFormElement);
      const told = CHECKS.map((word) => `${say("vi", word)}: ${say("vi", ticked.has(word) ? "in_order" : "not_in_order")}`);
      void this.#note(space, "check", told.join("; "));
    };
    return html`<form class="check screen-only" @submit=${submit}>
      <h2>${say(language, "start_check")}</h2>
      ${CHECKS.map((word) => html`<label><input type="checkbox" name=${word} /> ${say(language, word)}</label>`)}
      <button>${say(language, "write_check")}</button>
    </form>`;
  }

  #write(space: Space): TemplateResult {
    const { language } = this;
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const kind = ((event.submitter as HTMLButtonElement | null)?.value ?? "note") as Kind;
      void this.#note(space, kind, String(new FormData(form).get("text") ?? "")).then(() => form.reset());
    };
    const kinds: readonly Kind[] = ["note", "promise", "give", "take"];
    return html`<form class="write screen-only" @submit=${submit}>
      <label><span>${say(language, "log_text")}</span><textarea name="text" rows="2" maxlength="2000"></textarea></label>
      <p class="buttons">${kinds.map((kind) => html`<button value=${kind}>${say(language, LOGGED[kind])}</button>`)}</p>
      <p class="said" role="alert">${this.#said ?? ""}</p>
    </form>`;
  }

  async #note(space: Space, kind: Kind, text: string): Promise<void> {
    this.#said = null;
    try {
      await send("POST", `log?space=${encodeURIComponent(space.info.space)}`, { kind, text });
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      this.#said = say(this.language, status === 409 ? "not_taken" : status ? "not_done" : "no_answer");
    }
    await this.#ask(space);
  }

  #signatures(): TemplateResult {
    const { language } = this;
    return html`<p class="signatures print-only">
      <span>${say(language, "giver")}</span><span>${say(language, "receiver")}</span>
    </p>`;
  }
}

customElements.define("ioc-handover", HandOver);
