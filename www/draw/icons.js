// @ts-check
// The icons, as shapes in a square of 16: built as elements, they need no sprite in the document, so that they also stand in a
// shadow root. Each status has a shape of its own, so that no state is told by colour alone. `cut` is the colour behind the badge.

/** @typedef {[tag: string, attributes: Record<string, string | number>]} Shape */

/** @type {Record<string, Shape[]>} */
export const ICONS = {
  queued: [["circle", { cx: 8, cy: 8, r: 6, class: "line", "stroke-dasharray": "2.2 2.51" }]],
  running: [["circle", { cx: 8, cy: 8, r: 6, class: "line" }], ["path", { d: "M8 4.4v7.2a3.6 3.6 0 0 0 0-7.2z", class: "fill" }]],
  paused: [["circle", { cx: 8, cy: 8, r: 6, class: "line" }], ["path", { d: "M6.4 5.6v4.8M9.6 5.6v4.8", class: "line" }]],
  cancelling: [["circle", { cx: 8, cy: 8, r: 6, class: "line", "stroke-dasharray": "2.2 2.51" }], ["rect", { x: 5.6, y: 5.6, width: 4.8, height: 4.8, rx: .6, class: "fill" }]],
  succeeded: [["circle", { cx: 8, cy: 8, r: 6.75, class: "fill" }], ["path", { d: "M5 8.2l2.1 2.1L11.2 6", class: "cut" }]],
  partial: [["path", { d: "M8 1.6 15 14H1z", class: "fill round" }], ["path", { d: "M8 6.2v3.4M8 11.8v.1", class: "cut" }]],
  failed: [["path", { d: "M5.2 1.3h5.6l3.9 3.9v5.6l-3.9 3.9H5.2l-3.9-3.9V5.2z", class: "fill" }], ["path", { d: "M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4", class: "cut" }]],
  cancelled: [["circle", { cx: 8, cy: 8, r: 6, class: "line" }], ["path", { d: "M3.8 12.2l8.4-8.4", class: "line" }]],
  expired: [["path", { d: "M4 1.75h8M4 14.25h8M5 2v2.6L8 8l3-3.4V2M5 14v-2.6L8 8l3 3.4V14", class: "line" }]],
  unknown: [["path", { d: "M8 1.4 14.6 8 8 14.6 1.4 8z", class: "line" }], ["path", { d: "M6.4 6.6a1.6 1.6 0 1 1 2.3 1.5c-.5.2-.7.5-.7 1M8 11v.1", class: "line" }]],
  note: [["circle", { cx: 8, cy: 8, r: 6, class: "line" }], ["path", { d: "M8 7.4v3.4M8 5.1v.1", class: "line" }]],
  lock: [["rect", { x: 3, y: 7, width: 10, height: 7, rx: 1.5, class: "line" }], ["path", { d: "M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2", class: "line" }]],
  copy: [["rect", { x: 5.5, y: 5.5, width: 8, height: 8.5, rx: 1.5, class: "line" }], ["path", { d: "M10.5 3.2V3A1.4 1.4 0 0 0 9.1 1.8H4A1.5 1.5 0 0 0 2.5 3.3v5.2A1.5 1.5 0 0 0 3.6 10", class: "line" }]],
  copied: [["path", { d: "M2.8 8.6l3.4 3.4 7-8", class: "line" }]],
  find: [["circle", { cx: 8, cy: 8, r: 4.2, class: "line" }], ["path", { d: "M8 1v3M8 12v3M1 8h3M12 8h3", class: "line" }]],
  outside: [["path", { d: "M9 2.5h4.5V7M13.2 2.8 7 9M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3", class: "line" }]],
  open: [["path", { d: "M1.8 12.5v-9a1 1 0 0 1 1-1h3l1.6 1.8h5.8a1 1 0 0 1 1 1v7.2a1 1 0 0 1-1 1H2.8a1 1 0 0 1-1-1z", class: "line" }]],
  samples: [["path", { d: "M2 5.2 8 2l6 3.2-6 3.2zM2.4 8.2 8 11.2l5.6-3M2.4 11 8 14l5.6-3", class: "line" }]],
  bell: [["path", { d: "M3 11.8c1.2-1 1.3-2.2 1.3-4.3a3.7 3.7 0 0 1 7.4 0c0 2.1.1 3.3 1.3 4.3zM6.6 13.9h2.8", class: "line" }]],
  save: [["path", { d: "M8 2v7.6M4.8 6.8 8 10l3.2-3.2M2.5 11v1.5a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1V11", class: "line" }]],
  chevron: [["path", { d: "M6 3.5 10.5 8 6 12.5", class: "line" }]],
  close: [["path", { d: "M4 4l8 8M12 4l-8 8", class: "line" }]],
};
