import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { TasklensList, TasklensListProps, TasklensTask, TasklensTaskProps } from "tasklens/element";

type Props<E> = DetailedHTMLProps<HTMLAttributes<E>, E>;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "tasklens-task": Props<TasklensTask> & TasklensTaskProps;
      "tasklens-list": Props<TasklensList> & TasklensListProps;
    }
  }
}
