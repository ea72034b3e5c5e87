/** Severity as a shape, drawn: it is told by form and word, never by colour alone. */

import { type SVGTemplateResult, type TemplateResult, html, svg } from "lit";
import type { Severity } from "./model";

const OUTLINES: Record<Severity, SVGTemplateResult> = {
  extreme: svg`<path d="M12 1.5 23 21.5H1z" /><path class="mark" d="M10.7 8h2.6l-.5 6.6h-1.6zM10.7 16.3h2.6v2.6h-2.6z" />`,
  severe: svg`<path d="M3 3h18v18H3z" />`,
  moderate: svg`<path d="M12 1.5 22.5 12 12 22.5 1.5 12z" />`,
  minor: svg`<circle cx="12" cy="12" r="8.5" />`,
};

export function shape(severity: Severity): TemplateResult {
  return html`<svg class="shape ${severity}" viewBox="0 0 24 24" aria-hidden="true">${OUTLINES[severity]}</svg>`;
}

/** The same shape as a part of a drawing, around a point. */
export function shapeAt(severity: Severity, x: number, y: number, size: number): SVGTemplateResult {
  const scale = size / 24;
  return svg`<g class="shape ${severity}" transform="translate(${x - size / 2} ${y - size / 2}) scale(${scale})">${OUTLINES[severity]}</g>`;
}
