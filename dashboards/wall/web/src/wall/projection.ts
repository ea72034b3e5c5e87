/** From degrees to the drawing, and the part of it that is looked at. */

import type { Area } from "../model";

export type Point = readonly [number, number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export const WIDTH = 1000;
const MARGIN = 8;
/** The nearest look shows so small a part of the whole. */
const NEAREST = 1 / 40;

/** All outer and inner rings of a polygon or multipolygon. */
function rings(area: Area): Point[][] {
  const { type, coordinates } = area.geometry;
  if (type === "Polygon") return coordinates as Point[][];
  if (type === "MultiPolygon") return (coordinates as Point[][][]).flat();
  return [];
}

/** How degrees become places, and the box that holds all areas. */
export function projection(areas: readonly Area[]): { place: (point: Point) => Point; box: Box } {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const area of areas) {
    for (const ring of rings(area)) {
      for (const [x, y] of ring) {
        west = Math.min(west, x);
        east = Math.max(east, x);
        south = Math.min(south, y);
        north = Math.max(north, y);
      }
    }
  }
  // Degrees of longitude are shorter than those of latitude by the cosine of the latitude.
  const across = WIDTH / (east - west);
  const down = across / Math.cos((((south + north) / 2) * Math.PI) / 180);
  return {
    place: ([x, y]) => [(x - west) * across, (north - y) * down],
    box: { x: -MARGIN, y: -MARGIN, w: WIDTH + 2 * MARGIN, h: (north - south) * down + 2 * MARGIN },
  };
}

export function outline(area: Area, place: (point: Point) => Point): string {
  const line = (ring: Point[]): string =>
    `M${ring.map((point) => place(point).map((n) => Math.round(n * 10) / 10).join(" ")).join("L")}Z`;
  return rings(area).map(line).join("");
}

/** The part seen after a zoom around a point of it (fractions), never beyond the whole. */
export function zoomed(box: Box, whole: Box, by: number, around: { x: number; y: number }): Box {
  const w = Math.min(whole.w, Math.max(whole.w * NEAREST, box.w * by));
  const h = (w * whole.h) / whole.w;
  const within = (at: number, least: number, most: number): number => Math.min(Math.max(at, least), most);
  return {
    w, h,
    x: within(box.x + (box.w - w) * around.x, whole.x, whole.x + whole.w - w),
    y: within(box.y + (box.h - h) * around.y, whole.y, whole.y + whole.h - h),
  };
}
