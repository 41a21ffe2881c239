import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { connect, init } from "tasklens";
import "tasklens/element";

await init();
const client = connect({ proxy: "/tasks" });
const refs = ["t-bp1import", "t-bp1export"].map((id) => ({ api: "ecs", regionId: "cn-hangzhou", id }));

function Tasks({ refs }) {
  const [tasks, setTasks] = useState([]);
  const [opened, setOpened] = useState("");

  useEffect(() => {
    const watch = client.watch(refs);
    const follow = async () => {
      for await (const _ of watch) setTasks(watch.tasks);
    };
    follow().catch(console.error);
    return () => watch.stop();
  }, [refs]);

  return <>
    <tasklens-list tasks={tasks} ontasklens-select={({ detail }) => setOpened(detail.task.id)} />
    <p>Opened: <output>{opened}</output></p>
  </>;
}

createRoot(document.querySelector("#app")).render(<Tasks refs={refs} />);
