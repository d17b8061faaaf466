// The tab "Sessions": a new one, and those that this browser keeps.
import { useEffect } from "preact/hooks";
import type { ListedSession } from "../../lib/explorer/storage/saved_sessions.ts";
import { createSessionList, type SessionList } from "../../lib/explorer/page/session_list.ts";
import { ActionButton } from "../ActionButton.tsx";
import { Plus, Trash2 } from "../icons.ts";
import type { PanelProps } from "../more/panel_props.ts";

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function describeSession({ place, branches, model }: ListedSession): string {
  const paths = `${branches} path${branches === 1 ? "" : "s"}`;
  const name = model?.split("/").at(-1) ?? "no model yet";
  const open = { here: "open here", elsewhere: "open in another tab", free: "" }[place];
  return [paths, name, open].filter((part) => part !== "").join(" · ");
}

interface RowProps {
  readonly session: ListedSession;
  readonly store: SessionList;
}

function Row({ session, store }: RowProps) {
  const { id, title, savedAt, place } = session;
  return (
    <li class={place === "here" ? "kept on" : "kept"}>
      <button
        type="button"
        class="kept-open"
        aria-current={place === "here" ? true : undefined}
        aria-disabled={place === "free" ? undefined : true}
        data-tip={place === "free" ? "Go on with it; the present one stays in the list" : undefined}
        onClick={() => place === "free" && store.open(id)}
      >
        <b dir="auto">{title}</b>
        <span class="note">{describeSession(session)}</span>
      </button>
      <time class="note" dateTime={savedAt.toISOString()}>{TIME.format(savedAt)}</time>
      <ActionButton
        class="ibtn sm"
        label={`Delete the session ${title}`}
        enabled={place === "free"}
        tip={place === "free" ? "Delete for good" : "An open session cannot be deleted"}
        onPress={() => store.forget([id])}
      >
        <Trash2 size={14} strokeWidth={1.7} />
      </ActionButton>
    </li>
  );
}

interface HeadProps {
  readonly store: SessionList;
  readonly empty: boolean;
  readonly onClear: () => void;
}

function Head({ store, empty, onClear }: HeadProps) {
  const free = store.sessions.value?.filter(({ place }) => place === "free") ?? [];
  return (
    <div class="bar wrap">
      <ActionButton
        class="btn sm"
        tip="An empty page; this one stays in the list"
        onPress={() => store.open(null)}
      >
        <Plus size={15} strokeWidth={1.8} />New session
      </ActionButton>
      <ActionButton
        class="btn quiet sm"
        enabled={!empty}
        tip="Takes every path from this page; Undo brings them back"
        onPress={onClear}
      >
        Clear this one
      </ActionButton>
      <span class="grow" />
      {free.length > 1 && (
        <ActionButton
          class="btn quiet sm"
          onPress={() => store.forget(free.map(({ id }) => id))}
        >
          Delete all {free.length} others
        </ActionButton>
      )}
    </div>
  );
}

export function SessionsTab({ session, stores, actions, onNotice }: PanelProps) {
  const clear = () => {
    actions.clear();
    onNotice("Every path is gone from this page.", true);
  };
  const store = stores.late(createSessionList);
  useEffect(store.read, [session.tree, session.draft]);
  const sessions = store.sessions.value;
  return (
    <div class="sessions">
      <Head store={store} empty={session.tree.branches.length === 0} onClear={clear} />
      <p class="note">Sessions stay in this browser: the newest 12 are kept.</p>
      {store.problem.value !== "" && <p class="chat-error" role="alert">{store.problem.value}</p>}
      {sessions !== null && (
        <ul class="kept-list" aria-label="Sessions">
          {sessions.map((each) => <Row key={each.id} session={each} store={store} />)}
        </ul>
      )}
    </div>
  );
}
