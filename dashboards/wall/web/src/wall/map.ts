/** The communes filled by their worst open alert, with stations, cameras and alerts on them; pan and zoom. */

import { LitElement, type PropertyValues, type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import { count } from "../format";
import { type Alert, type Area, type SourceState, type Space, attended, sourceStates, worst } from "../model";
import { shapeAt } from "../shapes";
import { type Language, say } from "../texts";
import { type Form, type Label, forms, size } from "./labels";
import { type Box, type Point, WIDTH, outline, projection, zoomed } from "./projection";

const STEP = 1.4;

export class DistrictMap extends LitElement {
  static override properties = {
    space: { attribute: false, hasChanged: () => true },
    language: { attribute: false },
  };
  declare space: Space;
  declare language: Language;
  #areas: readonly Area[] = [];
  #paths: readonly string[] = [];
  #place: (point: Point) => Point = (point) => point;
  #whole: Box = { x: 0, y: 0, w: WIDTH, h: WIDTH };
  #box: Box = this.#whole;
  #held: { x: number; y: number } | null = null;

  override createRenderRoot(): this {
    return this;
  }

  override willUpdate(_: PropertyValues): void {
    if (this.space.areas === this.#areas) return;
    this.#areas = this.space.areas;
    if (this.#areas.length === 0) return;
    const { place, box } = projection(this.#areas);
    this.#place = place;
    this.#whole = this.#box = box;
    this.#paths = this.#areas.map((area) => outline(area, place));
  }

  override render(): TemplateResult {
    const { language, space } = this;
    if (space.areas.length === 0) return html`<p class="none">${say(language, "no_map")}</p>`;
    const by = Map.groupBy(space.alerts.values(), (alert) => alert.commune ?? "");
    const known = new Set(space.areas.map((area) => area.properties.code));
    const elsewhere = [...by].reduce((sum, [code, alerts]) => sum + (known.has(code) ? 0 : alerts.length), 0);
    const { x, y, w, h } = this.#box;
    const labels = this.#areas.map((area) => this.#wanted(area, by.get(area.properties.code) ?? []));
    const unit = size(this.#areas.length);
    const written = forms(labels, this.#scale() * unit);
    return html`
      <svg
        class="map"
        viewBox="${x} ${y} ${w} ${h}"
        tabindex="0"
        role="img"
        aria-label=${say(language, "map")}
        @wheel=${this.#wheel}
        @pointerdown=${this.#hold}
        @pointermove=${this.#drag}
        @pointerup=${this.#release}
        @pointercancel=${this.#release}
        @keydown=${this.#key}
      >
        <defs>
          <pattern id="hatch" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0V14" />
          </pattern>
        </defs>
        ${this.#areas.map((area, n) => this.#area(area, this.#paths[n] ?? "", by.get(area.properties.code) ?? []))}
        ${this.#sources()} ${labels.map((label, n) => this.#label(label, written[n] ?? "none", unit))}
      </svg>
      <div class="zoom" role="group" aria-label=${say(language, "map")}>
        <button aria-label=${say(language, "zoom_in")} @click=${() => this.#zoom(1 / STEP)}>+</button>
        <button aria-label=${say(language, "zoom_out")} @click=${() => this.#zoom(STEP)}>−</button>
        <button aria-label=${say(language, "zoom_whole")} @click=${() => this.#look(this.#whole)}>⌂</button>
      </div>
      <p class="caption">
        ${space.areas.some((area) => area.properties.schematic) ? say(language, "schematic") : ""}
        ${elsewhere > 0 ? html`<span>${say(language, "elsewhere", { count: count(elsewhere, language) })}</span>` : ""}
      </p>
    `;
  }

  #area(area: Area, path: string, alerts: Alert[]): SVGTemplateResult {
    const level = this.space.danger.get(area.properties.code) ?? 0;
    return svg`
      <path class="area ${worst(alerts) ?? "calm"}" data-commune=${area.properties.code} d=${path}><title>${area.properties.name}</title></path>
      ${level >= 4 ? svg`<path class="danger" fill="url(#hatch)" d=${path} />` : ""}`;
  }

  #wanted({ properties: { code, name, centre } }: Area, alerts: Alert[]): Label {
    return {
      at: this.#place(centre),
      name,
      number: count(alerts.length, this.language),
      severity: worst(alerts),
      alone: alerts.some((alert) => !attended(alert)),
      level: this.space.danger.get(code) ?? 0,
    };
  }

  #label({ at, name, number, severity, alone, level }: Label, form: Form, unit: number): SVGTemplateResult {
    if (form === "none") return svg``;
    return svg`
      <g class="label ${severity ?? "calm"}" transform=${this.#at(at, unit)}>
        ${alone ? svg`<circle class="alone" cx="0" cy="-20" r=${46 + number.length * 8} />` : ""}
        ${severity ? shapeAt(severity, -16 - number.length * 16, -24, 44) : ""}
        <text class="number" x=${severity ? 18 : 0}>${number}</text>
        ${form === "whole" ? svg`<text class="name" y="40">${name}</text>` : ""}
        ${form === "whole" && level ? svg`<text class="level" y="78">${say(this.language, "danger_level", { level: ROMAN[level] ?? "" })}</text>` : ""}
      </g>`;
  }

  #sources(): SVGTemplateResult[] {
    return sourceStates(this.space).flatMap((state) =>
      state.source.place ? [svg`<g class="source ${state.state}" transform=${this.#at(this.#place(state.source.place))}>${mark(state)}</g>`] : [],
    );
  }

  /** A place on the map; what stands there keeps its size on the screen. */
  #at([x, y]: Point, unit = 1): string {
    return `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(this.#scale() * unit).toFixed(4)})`;
  }

  /** How much of the whole is looked at. */
  #scale(): number {
    return this.#box.w / this.#whole.w;
  }

  #look(box: Box): void {
    this.#box = box;
    this.requestUpdate();
  }

  #zoom(by: number, around?: { x: number; y: number }): void {
    this.#look(zoomed(this.#box, this.#whole, by, around ?? { x: 0.5, y: 0.5 }));
  }

  #move(right: number, down: number): void {
    this.#look(zoomed({ ...this.#box, x: this.#box.x + right, y: this.#box.y + down }, this.#whole, 1, { x: 0, y: 0 }));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const frame = (event.currentTarget as SVGElement).getBoundingClientRect();
    const around = { x: (event.clientX - frame.x) / frame.width, y: (event.clientY - frame.y) / frame.height };
    this.#zoom(event.deltaY > 0 ? STEP : 1 / STEP, around);
  }

  #hold(event: PointerEvent): void {
    (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
    this.#held = { x: event.clientX, y: event.clientY };
  }

  #drag(event: PointerEvent): void {
    if (!this.#held) return;
    const frame = (event.currentTarget as SVGElement).getBoundingClientRect();
    const unit = Math.max(this.#box.w / frame.width, this.#box.h / frame.height);
    const { x, y } = this.#held;
    this.#held = { x: event.clientX, y: event.clientY };
    this.#move((x - event.clientX) * unit, (y - event.clientY) * unit);
  }

  #release(): void {
    this.#held = null;
  }

  #key(event: KeyboardEvent): void {
    const step = this.#box.w / 10;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    };
    const move = moves[event.key];
    if (move) this.#move(...move);
    else if (event.key === "+" || event.key === "=") this.#zoom(1 / STEP);
    else if (event.key === "-") this.#zoom(STEP);
    else if (event.key === "Home") this.#look(this.#whole);
    else return;
    event.preventDefault();
  }
}

const ROMAN = ["", "I", "II", "III", "IV", "V"];

/** Kinds of source by form; one that is lost is struck through. */
function mark({ source, state }: SourceState): SVGTemplateResult {
  return svg`<title>${source.name}</title>
    ${source.kind === "station" ? svg`<path d="M-9 8 0 -9 9 8z" />` : svg`<path d="M-10 -6H4V6H-10zM4 -2 11 -6V6L4 2z" />`}
    ${state === "lost" ? svg`<circle class="lost" r="17" /><path class="lost" d="M-12 12 12 -12" />` : ""}`;
}

customElements.define("ioc-map", DistrictMap);
