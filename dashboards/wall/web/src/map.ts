/** The communes: filled by their worst open alert, with names and the number of open alerts. */

import { type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import { count } from "./format";
import { type Alert, type Area, type Space, worst } from "./model";
import { shapeAt } from "./shapes";
import { type Language, say } from "./texts";

type Point = readonly [number, number];

/** All outer and inner rings of a polygon or multipolygon. */
function rings(area: Area): Point[][] {
  const { type, coordinates } = area.geometry;
  if (type === "Polygon") return coordinates as Point[][];
  if (type === "MultiPolygon") return (coordinates as Point[][][]).flat();
  return [];
}

const WIDTH = 1000;

export function map(space: Space, language: Language): TemplateResult {
  if (space.areas.length === 0) return html`<p class="none">${say(language, "no_map")}</p>`;
  const points = space.areas.flatMap((area) => rings(area).flat());
  const [west, east] = [Math.min(...points.map((p) => p[0])), Math.max(...points.map((p) => p[0]))];
  const [south, north] = [Math.min(...points.map((p) => p[1])), Math.max(...points.map((p) => p[1]))];
  // Degrees of longitude are shorter than those of latitude by the cosine of the latitude.
  const scale = WIDTH / ((east - west) * Math.cos((((south + north) / 2) * Math.PI) / 180));
  const place = ([x, y]: Point): Point => [((x - west) / (east - west)) * WIDTH, (north - y) * scale];
  const by = Map.groupBy(space.alerts.values(), (alert) => alert.commune ?? "");
  const known = new Set(space.areas.map((area) => area.properties.code));
  const elsewhere = [...by].reduce((sum, [code, alerts]) => sum + (known.has(code) ? 0 : alerts.length), 0);
  return html`
    <svg class="map" viewBox="-6 -6 ${WIDTH + 12} ${(north - south) * scale + 12}" role="img" aria-label=${say(language, "map")}>
      ${space.areas.map((area) => outline(area, by.get(area.properties.code) ?? [], place))}
      ${space.areas.map((area) => label(area, by.get(area.properties.code) ?? [], place, language))}
    </svg>
    <p class="caption">
      ${space.areas.some((area) => area.properties.schematic) ? say(language, "schematic") : ""}
      ${elsewhere > 0 ? html`<span>${say(language, "elsewhere", { count: count(elsewhere, language) })}</span>` : ""}
    </p>
  `;
}

function outline(area: Area, alerts: Alert[], place: (point: Point) => Point): SVGTemplateResult {
  const path = rings(area).map((ring) => `M${ring.map((point) => place(point).map(Math.round).join(" ")).join("L")}Z`);
  return svg`<path class="area ${worst(alerts) ?? "calm"}" data-commune=${area.properties.code} d=${path.join("")} />`;
}

function label(area: Area, alerts: Alert[], place: (point: Point) => Point, language: Language): SVGTemplateResult {
  const [x, y] = place(area.properties.centre);
  const severity = worst(alerts);
  const number = count(alerts.length, language);
  return svg`
    <g class="label ${severity ?? "calm"}">
      ${severity ? shapeAt(severity, x - 16 - number.length * 16, y - 24, 44) : ""}
      <text class="number" x=${severity ? x + 18 : x} y=${y}>${number}</text>
      <text class="name" x=${x} y=${y + 44}>${area.properties.name}</text>
    </g>`;
}
