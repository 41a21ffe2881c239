/// <reference path="./react.d.ts" />
// The custom elements in TypeScript and JSX, and the modules as a bundler imports them.
import { useRef } from "react";
import { init, type Task, type Watch } from "tasklens";
import core from "tasklens/core.wasm";
import { define, type TasklensList, type TasklensListProps, type TasklensTask } from "tasklens/element";
import gate from "tasklens/proxy.wasm";
import { init as initSlim } from "tasklens/slim";

export async function load(): Promise<void> {
  define();
  await initSlim(core);
  await init(gate satisfies WebAssembly.Module);
}

export function draw(list: TasklensList, task: Task, watch: Watch): void {
  const one: TasklensTask = document.createElement("tasklens-task");
  one.task = task;
  one.timeZone = "UTC";
  list.tasks = watch.tasks;
  list.addEventListener("tasklens-select", ({ detail }) => void (detail.task satisfies Task));
  document.addEventListener("tasklens-place", ({ detail }) => void (detail.line satisfies number));
  document.querySelector("tasklens-list")?.tasks.push(task);
  // @ts-expect-error a task is no list
  list.tasks = task;
}

export function Tasks({ tasks, open }: { tasks: readonly Task[]; open: (task: Task) => void }) {
  const list = useRef<TasklensList>(null);
  const zone: TasklensListProps = { "time-zone": "UTC" };
  return <>
    <tasklens-list key="all" ref={list} className="wide" tasks={tasks} {...zone} ontasklens-select={({ detail }) => open(detail.task)} />
    <tasklens-task task={tasks[0] ?? null} lang="zh" ontasklens-copy={(event) => event.preventDefault()} />
    {/* @ts-expect-error a task is no list */}
    <tasklens-list tasks={tasks[0]} />
  </>;
}
