"use client"; // in the browser

import { useEffect, useRef } from "react";
import { init, parse } from "tasklens";
import "tasklens/element"; // draws <tasklens-task> and <tasklens-list>
import { xml } from "../replies.js"; // a reply, as the API sent it

export default function Page() {
  const element = useRef(null);
  useEffect(() => {
    init().then(() => {
      element.current.task = parse(xml).task;
    });
  }, []);
  return <tasklens-task ref={element} />;
}
