// What views know by: the API, what of it is kept here, and what waits for the net.

import { Actions, newest } from "../shared/actions.js";
import { Offline, client } from "../shared/api.js";

/** `onChange` is told what became of actions that waited. */
export function sources(session, onChange) {
  const api = client(session);
  const found = {
    api,
    actions: new Actions(api, onChange),
    /** The newest answer to a GET; the kept one without a net. What is not there (404) is null. */
    newest: (path, query) => newest(api, path, query).catch((error) => {
      if (error.status === 404) return { data: null, at: null };
      throw error;
    }),
    /** The same, and null where there is no net and nothing kept: for what a view can do without. */
    atHand: (path, query) => found.newest(path, query).catch((error) => {
      if (error instanceof Offline) return { data: null, at: null };
      throw error;
    }),
  };
  return found;
}
