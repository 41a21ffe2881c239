import type { Task } from "./index.js";

/** What both elements have. Attributes: `lang` (`en`, `zh`; else the page's), `time-zone` (an IANA name; else the browser's). */
export interface TasklensElement extends HTMLElement {
  /** The attribute `time-zone`. An unknown zone counts as none. */
  timeZone: string | null;
}

/** They bubble, and leave shadow roots: whatever stands above can listen. */
export interface TasklensEventMap {
  /** Something is about to be copied; prevent it to copy in your own way. `what` is its name in the element's language. */
  "tasklens-copy": CustomEvent<{ value: string; what: string }>;
  /** A row of a list is opened. */
  "tasklens-select": CustomEvent<{ task: Task }>;
  /** A place in `reply` is pressed, which a finding or an error names. */
  "tasklens-place": CustomEvent<{ line: number; column: number }>;
}

/**
 * `<tasklens-task>`: one task. Parts: `task` `badge` `progress` `error` `section` `id`; where `reply` is a list, also `list` and `row`.
 * Every custom property of `tokens.css` (`--surface`, `--ink`, `--accent`, `--running`, `--failed` …) can be set on the element; it
 * follows the page's `color-scheme`.
 */
export declare class TasklensTask extends HTMLElement {}
export interface TasklensTask extends TasklensElement {
  /** Takes the place of `reply`. */
  task: Task | null;
  /** A reply of any kind, as the API sent it: loads `tasklens` to read it. Takes the place of `task`, which then is the one read. */
  reply: string | null;
}

/**
 * `<tasklens-list>`: tasks as rows that open. Parts: `list` `row` `badge` `progress` `error` `section` `id`. Follows a watch by
 * `for await (const _ of watch) list.tasks = watch.tasks;`: what is open and what has the focus stays.
 */
export declare class TasklensList extends HTMLElement {}
export interface TasklensList extends TasklensElement {
  /** Give a new array to draw anew; a change within is not seen. */
  get tasks(): Task[];
  set tasks(tasks: readonly Task[]);
}

/** What both take in JSX, and in whatever else has properties by name; `ontasklens-…` as React and Preact have it. */
export interface TasklensElementProps {
  /** `en` or `zh`; default: the page's. */
  lang?: string;
  /** An IANA name, such as `Asia/Shanghai`; default: the browser's. */
  "time-zone"?: string;
  /** Something is about to be copied. */
  "ontasklens-copy"?: (event: TasklensEventMap["tasklens-copy"]) => void;
}
/** What `<tasklens-task>` takes. */
export interface TasklensTaskProps extends TasklensElementProps {
  /** Takes the place of `reply`. */
  task?: Task | null;
  /** A reply of any kind, as the API sent it. Takes the place of `task`. */
  reply?: string | null;
  /** A place in `reply` is pressed, which a finding or an error names. */
  "ontasklens-place"?: (event: TasklensEventMap["tasklens-place"]) => void;
}
/** What `<tasklens-list>` takes. */
export interface TasklensListProps extends TasklensElementProps {
  /** Give a new array to draw anew; a change within is not seen. */
  tasks?: readonly Task[];
  /** A row is opened. */
  "ontasklens-select"?: (event: TasklensEventMap["tasklens-select"]) => void;
}

/** Defines both elements unless they are; importing this module in a browser already has. Elsewhere it does nothing. */
export declare function define(registry?: CustomElementRegistry): void;

declare global {
  interface GlobalEventHandlersEventMap extends TasklensEventMap {}
  interface HTMLElementTagNameMap {
    "tasklens-task": TasklensTask;
    "tasklens-list": TasklensList;
  }
}
