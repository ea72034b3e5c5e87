/** Logging a call: most true news comes by telephone, and becomes an alert like any other. */

import { LitElement, type TemplateResult, html } from "lit";
import { Refused, ask, send } from "../api";
import { type Line, SEVERITIES, type Space } from "../model";
import { type Both, type Language, say } from "../texts";
import { alike, alikeList } from "./alike";

/** Times that a call which was taken is asked after, once a second. */
const ASKED = 30;

type State = "filling" | "sending" | "no_answer" | { readonly refused: Both | null };

/** Tells `logged` with the id of the alert that the call became, or `close`. */
export class CallForm extends LitElement {
  static override properties = {
    space: { attribute: false, hasChanged: () => true },
    language: { attribute: false },
  };
  declare space: Space;
  declare language: Language;
  /** One form is one call, however often it is sent. */
  readonly #call = crypto.randomUUID();
  #state: State = "filling";
  #kind = "";
  #commune = "";

  override createRenderRoot(): this {
    return this;
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>("textarea")?.focus();
  }

  override render(): TemplateResult {
    const { language, space } = this;
    const { calls, callers, communes } = space.info;
    const at = (space.now ?? Date.now() / 1000) * 1000;
    const found = alike(space, { kind: this.#kind || (calls[0]?.id ?? ""), commune: this.#commune, at });
    const close = (): unknown => this.dispatchEvent(new CustomEvent("close"));
    return html`<div class="over">
      <form class="order call" role="dialog" aria-modal="true" aria-label=${say(language, "log_call")}
        @submit=${(event: SubmitEvent) => void this.#submit(event)} @change=${(event: Event) => this.#chosen(event)}
        @keydown=${(event: KeyboardEvent) => event.key === "Escape" && !event.isComposing && close()}>
        <h2>${say(language, "log_call")}</h2>
        <div class="pair">
          <label><span>${say(language, "call_what")}</span>
            <select name="kind" required>${calls.map(({ id, title }) => html`<option value=${id}>${title[language]}</option>`)}</select>
          </label>
          <label><span>${say(language, "severity")}</span>
            <select name="severity" required>
              ${SEVERITIES.map((one) => html`<option value=${one} ?selected=${one === "severe"}>${say(language, one)}</option>`)}
            </select>
          </label>
        </div>
        <label><span>${say(language, "call_text")}</span><textarea name="text" rows="3" maxlength="1500" required></textarea></label>
        <div class="pair">
          <label><span>${say(language, "commune")}</span>
            <select name="commune">
              <option value="">${say(language, "not_known")}</option>
              ${communes.map(({ code, name }) => html`<option value=${code}>${name}</option>`)}
            </select>
          </label>
          <label><span>${say(language, "call_where")}</span><input name="where" maxlength="200" autocomplete="off" /></label>
        </div>
        <label><span>${say(language, "caller")}</span>
          <select name="caller" required>${callers.map(({ id, title }) => html`<option value=${id}>${title[language]}</option>`)}</select>
        </label>
        <p class="quietly">${say(language, "call_private")}</p>
        ${alikeList(found, "alike_before", space, language)}
        <p class="said" role="alert">${this.#said()}</p>
        <div class="buttons">
          <button class="main" ?disabled=${this.#state === "sending"}>${say(language, "log_call")}</button>
          <button type="button" @click=${close}>${say(language, "cancel")}</button>
        </div>
      </form>
    </div>`;
  }

  #said(): string {
    const { language } = this;
    if (this.#state === "filling") return "";
    if (typeof this.#state === "string") return say(language, this.#state);
    return say(language, "refused", { reason: this.#state.refused?.[language] ?? say(language, "not_done") });
  }

  #chosen(event: Event): void {
    const { name, value } = event.target as HTMLSelectElement;
    if (name === "kind") this.#kind = value;
    if (name === "commune") this.#commune = value;
    this.requestUpdate();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const filled = Object.fromEntries([...new FormData(event.target as HTMLFormElement)].filter(([, value]) => value !== ""));
    this.#become("sending");
    try {
      const space = this.space.info.space;
      const answer = await send<Line | { command: string }>("POST", `calls?space=${encodeURIComponent(space)}`, { call: this.#call, ...filled });
      const { alert_id } = "alert_id" in answer ? answer : await this.#wait(space);
      this.dispatchEvent(new CustomEvent("logged", { detail: alert_id }));
    } catch (error) {
      const refused = error instanceof Refused && ![0, 202, 503].includes(error.status);
      this.#become(refused ? { refused: (error.problem["reason"] as Both | undefined) ?? null } : "no_answer");
    }
  }

  async #wait(space: string): Promise<Line> {
    for (let n = 0; n < ASKED; n += 1) {
      await new Promise((done) => setTimeout(done, 1_000));
      const answer = await ask<Line | { command: string }>(`commands/${this.#call}`, { space });
      if ("alert_id" in answer) return answer;
    }
    throw new Refused(202);
  }

  #become(state: State): void {
    this.#state = state;
    this.requestUpdate();
  }
}

customElements.define("ioc-call", CallForm);
