import "tasklens/element"; // draws <tasklens-task> and <tasklens-list>
import { init, parse } from "tasklens";
import { xml } from "./replies.js"; // a reply, as the API sent it

await init();
document.querySelector("tasklens-task").task = parse(xml).task;
