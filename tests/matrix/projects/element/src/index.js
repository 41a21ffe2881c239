import "tasklens/element"; // draws <tasklens-task> and <tasklens-list>
import { init, parse } from "tasklens";
import { xml } from "./replies.js"; // a reply, as the API sent it

const element = document.createElement("tasklens-task");
document.body.append(element);

init().then(() => {
  element.task = parse(xml).task;
});
