import { useMemo, useSyncExternalStore } from "react";
import { connect, init } from "tasklens";

/** One client for the page, made when the first component asks. */
let connected;
async function client() {
  await init();
  return (connected ??= connect({ proxy: "/tasks" }));
}

const NOTHING = { task: null, estimate: null, error: null, gone: false };

/** A task as it was last seen. On a server, and before the first answer, it is null. */
export function useTask({ api, regionId, id }) {
  const store = useMemo(() => follow({ api, regionId, id }), [api, regionId, id]);
  return useSyncExternalStore(store.subscribe, store.snapshot, () => NOTHING);
}

/** Polls from the first listener on, until that one leaves. */
function follow(ref) {
  let now = NOTHING;
  return {
    snapshot: () => now,
    subscribe(changed) {
      const stop = new AbortController();
      const tell = (news) => {
        if (stop.signal.aborted) return;
        now = { ...now, ...news };
        changed();
      };
      const listen = async () => {
        // StrictMode subscribes twice: a watch whose signal has come already sends nothing.
        for await (const event of (await client()).watch(ref, { signal: stop.signal })) {
          if (event.type === "update") tell({ task: event.task, estimate: event.estimate, error: null });
          if (event.type === "retry" || event.type === "error") tell({ error: event.error });
          if (event.type === "gone") tell({ gone: true });
        }
      };
      listen().catch((error) => tell({ error }));
      return () => stop.abort();
    },
  };
}
