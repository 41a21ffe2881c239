import { queryOptions } from "@tanstack/react-query";

/** For `useQuery`: `data` is `{ task, estimate }` as last seen, and changes as the task moves. */
export function taskQuery(client, ref) {
  return queryOptions({
    queryKey: ["tasklens", ref.api, ref.regionId ?? null, ref.id],
    async queryFn({ client: cache, queryKey, signal }) {
      let seen;
      for await (const event of client.watch(ref, { signal })) {
        if (event.type === "update") cache.setQueryData(queryKey, (seen = { task: event.task, estimate: event.estimate }));
        if (event.type === "error") throw event.error;
        if (event.type === "gone") throw new Error(`${ref.id} is no longer listed`);
      }
      return seen;
    },
    staleTime: ({ state }) => (state.data?.task.terminal ? Infinity : 0), // what has ended does not change
    retry: false, // the watch has tried again already, as the API asks
  });
}
